package dev.pillion.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class StandardOutputTest {

    @Test
    void writesUtf8() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        StandardOutput output = new StandardOutput(bytes);

        try (PrintWriter writer = output.writer()) {
            writer.print("é ├──▶");
        }

        assertThat(bytes.toString(StandardCharsets.UTF_8)).isEqualTo("é ├──▶");
        assertThat(output.failure()).isEmpty();
    }

    @Test
    void reportsAFailedWrite() {
        StandardOutput output = new StandardOutput(new OutputStream() {
            @Override
            public void write(int octet) throws IOException {
                throw new IOException("Broken pipe");
            }
        });

        try (PrintWriter writer = output.writer()) {
            writer.print("for nobody");
        }

        assertThat(output.failure()).get().extracting(Throwable::getMessage).isEqualTo("Broken pipe");
    }
}
