package dev.pillion.server.log;

import dev.pillion.expression.Excerpt;
import java.io.ByteArrayOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jboss.logging.Logger;

/**
 * Writes standard output and standard error on a separate thread. If nothing reads the pipe, only this thread blocks. Records that do not fit into the
 * buffer are dropped and counted.
 *
 * <p>It replaces the streams and not the log handler, so it applies to all log handlers, formats and other output. It also escapes control and format
 * characters, because the message of an exception may contain them.
 */
public final class AsyncConsole implements AutoCloseable {

    /** A few thousand lines. With a larger buffer, the lines would only be older when they are read. */
    private static final int MAX_BUFFERED_BYTES = 1024 * 1024;

    /** The maximum wait at the end of the process. A pipe that nothing reads must not prevent the end. */
    private static final Duration LAST_WRITES = Duration.ofSeconds(1);

    private static final AtomicLong DROPPED = new AtomicLong();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<Chunk> queue = new ArrayDeque<>();
    private final int maxBytes;
    private int bufferedBytes;
    private boolean writing;
    private long reported;

    /** @param maxBytes the size of the buffer */
    AsyncConsole(int maxBytes) {
        this.maxBytes = maxBytes;
        Thread.ofPlatform().daemon().name("console").start(this::write);
    }

    private record Chunk(byte[] bytes, OutputStream target) {}

    /** Replaces {@link System#out} and {@link System#err}. Must be called before the first log handler is created, because a handler never reads these fields again. */
    public static AsyncConsole install() {
        AsyncConsole console = new AsyncConsole(MAX_BUFFERED_BYTES);
        System.setOut(console.printing(new FileOutputStream(FileDescriptor.out), System.out));
        System.setErr(console.printing(new FileOutputStream(FileDescriptor.err), System.err));
        return console;
    }

    /** The number of dropped records since the start of the process. A record is a line, or several lines that were written together. */
    public static long dropped() {
        return DROPPED.get();
    }

    private PrintStream printing(OutputStream target, PrintStream replaced) {
        return new PrintStream(stream(target, replaced.charset()), false, replaced.charset());
    }

    /** A stream whose methods never block. A line break or a flush ends a record. */
    OutputStream stream(OutputStream target, Charset charset) {
        return new Records(target, charset);
    }

    private void offer(Chunk chunk) {
        lock.lock();
        try {
            if (bufferedBytes + chunk.bytes.length > maxBytes) {
                DROPPED.incrementAndGet();
            } else {
                queue.add(chunk);
                bufferedBytes += chunk.bytes.length;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    private void write() {
        while (true) {
            try {
                Chunk chunk = next();
                chunk.target.write(chunk.bytes);
                chunk.target.flush();
            } catch (InterruptedException | IOException | RuntimeException | Error e) {
                // There is no other place to report it. After the pipe is closed, each write fails immediately.
                DROPPED.incrementAndGet();
            } finally {
                done();
            }
        }
    }

    private Chunk next() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (queue.isEmpty()) {
                changed.await();
            }
            Chunk chunk = queue.remove();
            bufferedBytes -= chunk.bytes.length;
            writing = true;
            return chunk;
        } finally {
            lock.unlock();
        }
    }

    private void done() {
        long missing = 0;
        lock.lock();
        try {
            writing = false;
            changed.signalAll();
            if (queue.isEmpty()) {
                missing = DROPPED.get() - reported;
                reported += missing;
            }
        } finally {
            lock.unlock();
        }
        if (missing > 0) {
            Logger.getLogger(AsyncConsole.class)
                    .warnf("%d log records were dropped because the output was not read fast enough", missing);
        }
    }

    /** Waits until the buffer is written, for one second at most. The streams can still be used afterwards, and still do not block. */
    @Override
    public void close() {
        long left = LAST_WRITES.toNanos();
        lock.lock();
        try {
            while ((writing || !queue.isEmpty()) && left > 0) {
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    /** Collects bytes until a record is complete. */
    private final class Records extends OutputStream {

        private final OutputStream target;
        private final Charset charset;
        private final ByteArrayOutputStream record = new ByteArrayOutputStream();

        Records(OutputStream target, Charset charset) {
            this.target = target;
            this.charset = charset;
        }

        @Override
        public void write(int octet) {
            write(new byte[] {(byte) octet}, 0, 1);
        }

        @Override
        public synchronized void write(byte[] bytes, int offset, int length) {
            // A record that is longer than the buffer is dropped anyway.
            if (record.size() <= maxBytes) {
                record.write(bytes, offset, length);
            }
            if (length > 0 && bytes[offset + length - 1] == '\n') {
                flush();
            }
        }

        @Override
        public synchronized void flush() {
            if (record.size() > 0) {
                offer(new Chunk(visible(record.toByteArray()), target));
                record.reset();
            }
        }

        private byte[] visible(byte[] bytes) {
            for (byte each : bytes) {
                if ((each < ' ' && each != '\n' && each != '\t') || each == 0x7f) {
                    return Excerpt.visibleLines(new String(bytes, charset)).getBytes(charset);
                }
            }
            return bytes;
        }
    }
}
