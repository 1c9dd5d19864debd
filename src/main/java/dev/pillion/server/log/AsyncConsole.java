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
 * Standard output and standard error, written by a thread of their own: a pipe that nobody reads stops that thread and no other. What does not
 * fit into the buffer is dropped and counted.
 *
 * <p>It replaces the streams themselves rather than the log handler, so that it holds for every handler and format, and for whatever else is
 * printed. For the same reason it is here that control and format characters are escaped: an exception's message may repeat them.
 */
public final class AsyncConsole implements AutoCloseable {

    /** Some thousands of lines. More would only be older when they are read at last. */
    private static final int MAX_BUFFERED_BYTES = 1024 * 1024;

    /** At the end. A pipe that nobody reads must not keep the process alive. */
    private static final Duration LAST_WRITES = Duration.ofSeconds(1);

    private static final AtomicLong DROPPED = new AtomicLong();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<Chunk> queue = new ArrayDeque<>();
    private final int maxBytes;
    private int bufferedBytes;
    private boolean writing;
    private long reported;

    /** @param maxBytes that are buffered while nobody reads */
    AsyncConsole(int maxBytes) {
        this.maxBytes = maxBytes;
        Thread.ofPlatform().daemon().name("console").start(this::write);
    }

    private record Chunk(byte[] bytes, OutputStream target) {}

    /** Replaces {@link System#out} and {@link System#err}. It must come before the first log handler, which keeps the stream that it finds. */
    public static AsyncConsole install() {
        AsyncConsole console = new AsyncConsole(MAX_BUFFERED_BYTES);
        System.setOut(console.printing(new FileOutputStream(FileDescriptor.out), System.out));
        System.setErr(console.printing(new FileOutputStream(FileDescriptor.err), System.err));
        return console;
    }

    /** How many records, which are lines unless they were written in one piece, no process has been able to write since it started. */
    public static long dropped() {
        return DROPPED.get();
    }

    private PrintStream printing(OutputStream target, PrintStream replaced) {
        return new PrintStream(stream(target, replaced.charset()), false, replaced.charset());
    }

    /** A stream that returns at once; a record ends with a line or a flush. */
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
                // There is no other place to report it. A closed pipe makes each write fail, at once.
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
                    .warnf("%d log records were dropped while nobody read the output", missing);
        }
    }

    /** Waits for what is buffered, for a second at most. The streams can still be used, and still do not block. */
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

    /** Gathers what is written until a record is complete. */
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
            // What is longer than the buffer is dropped anyway, and need not be gathered.
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
