package dev.pillion.server.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class AsyncConsoleTest {

    private final Pipe pipe = new Pipe();
    private final AsyncConsole console = new AsyncConsole(1_000);
    private final PrintStream out =
            new PrintStream(console.stream(pipe, StandardCharsets.UTF_8), false, StandardCharsets.UTF_8);

    @Test
    void writesLinesInOrder() {
        pipe.read();

        IntStream.range(0, 20).forEach(number -> out.println("line " + number));

        await().until(() -> pipe.lines().size() == 20);
        assertThat(pipe.lines())
                .containsExactlyElementsOf(IntStream.range(0, 20)
                        .mapToObj(number -> "line " + number)
                        .toList());
    }

    @Test
    void dropsAndCountsLinesIfNobodyReadsThePipe() {
        long before = AsyncConsole.dropped();

        IntStream.range(0, 10_000).forEach(number -> out.printf("line %04d%n", number));

        // The buffer has 100 lines of ten bytes, and one line is being written.
        assertThat(AsyncConsole.dropped() - before).isBetween(9_890L, 9_910L);
        pipe.read();
        await().until(() -> pipe.lines().stream().anyMatch(line -> line.contains("line 0099")));
        assertThat(pipe.lines()).as("whole lines, from the oldest").startsWith("line 0000", "line 0001");
    }

    @Test
    void dropsARecordThatIsLongerThanTheBufferAndContinues() {
        pipe.read();

        out.println("x".repeat(5_000));
        out.println("short");

        await().until(() -> !pipe.lines().isEmpty());
        assertThat(pipe.lines()).containsExactly("short");
    }

    @Test
    void escapesControlCharactersAndTextDirection() {
        pipe.read();

        out.println("Größe of shop\u202Epohs\u001b[2J");

        await().until(() -> !pipe.lines().isEmpty());
        assertThat(pipe.lines()).containsExactly("Größe of shop\\u202Epohs\\u001B[2J");
    }

    @Test
    void continuesAfterAnOutputThatFails() {
        PrintStream broken = new PrintStream(
                console.stream(
                        new OutputStream() {
                            @Override
                            public void write(int octet) throws IOException {
                                throw new IOException("Broken pipe");
                            }
                        },
                        StandardCharsets.UTF_8),
                false,
                StandardCharsets.UTF_8);
        pipe.read();

        broken.println("lost");
        out.println("kept");

        await().until(() -> pipe.lines().contains("kept"));
    }

    @Test
    void closesWithinSecondsIfNobodyReads() {
        out.println("never read");

        long start = System.nanoTime();
        console.close();

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
    }

    @Test
    void writesTheRestBeforeItCloses() {
        pipe.read();
        out.print("no line feed");
        out.flush();

        console.close();

        assertThat(pipe.lines()).containsExactly("no line feed");
    }

    /** Blocks each write until somebody reads. */
    private static final class Pipe extends OutputStream {

        private final CountDownLatch reader = new CountDownLatch(1);
        private final ByteArrayOutputStream written = new ByteArrayOutputStream();

        void read() {
            reader.countDown();
        }

        List<String> lines() {
            return written.toString(StandardCharsets.UTF_8).lines().toList();
        }

        @Override
        public void write(int octet) throws IOException {
            write(new byte[] {(byte) octet}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            try {
                reader.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            written.write(bytes, offset, length);
        }
    }
}
