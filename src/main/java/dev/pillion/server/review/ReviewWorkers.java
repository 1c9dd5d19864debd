package dev.pillion.server.review;

import dev.pillion.server.configuration.PillionConfig;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Threads for reviews that may take more than a few milliseconds, so that they do not block an event loop. The number of threads, the queue and
 * the bytes in work are limited.
 */
final class ReviewWorkers implements AutoCloseable {

    /** A parsed review takes some thirty times its bytes. */
    private static final int HEAP_PER_BYTE = 32;

    /** One large review must not block the next, even on one core. */
    private static final int MIN_WORKERS = 2;

    private static final int QUEUE = 64;

    private final LoadShedder shedder;
    private final ThreadPoolExecutor threads;
    private final Semaphore bytes;
    private final int maxBytes;

    /**
     * @param name of the threads
     * @param maxBytes of all bodies in work together; a larger body is processed alone
     */
    ReviewWorkers(LoadShedder shedder, String name, int size, int queueLength, int maxBytes) {
        this.shedder = shedder;
        this.maxBytes = maxBytes;
        this.bytes = new Semaphore(maxBytes, true);
        AtomicInteger number = new AtomicInteger();
        this.threads = new ThreadPoolExecutor(
                size,
                size,
                1,
                TimeUnit.MINUTES,
                new ArrayBlockingQueue<>(queueLength),
                task -> Thread.ofPlatform()
                        .daemon()
                        .name(name + "-" + number.incrementAndGet())
                        .unstarted(task),
                (task, pool) -> refuse(task));
        threads.allowCoreThreadTimeOut(true);
    }

    /** As many threads as the configuration has, and bodies for which the heap is large enough. */
    static ReviewWorkers of(LoadShedder shedder, String name, PillionConfig config) {
        int size = config.http()
                .workers()
                .orElse(Math.max(MIN_WORKERS, Runtime.getRuntime().availableProcessors()));
        int maxBytes = (int) Math.min(Runtime.getRuntime().maxMemory() / HEAP_PER_BYTE, Integer.MAX_VALUE);
        return new ReviewWorkers(shedder, name, size, QUEUE, maxBytes);
    }

    void add(ReviewTask task) {
        threads.execute(new Job(task));
    }

    private void refuse(Runnable task) {
        if (task instanceof Job job) {
            job.task.send().accept(shedder.refusal(LoadShedder.Reason.WORKERS));
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }

    private final class Job implements Runnable {

        private final ReviewTask task;

        Job(ReviewTask task) {
            this.task = task;
        }

        @Override
        public void run() {
            int taken = Math.min(task.bytes(), maxBytes);
            try {
                if (bytes.tryAcquire(
                        taken, Math.max(0, task.deadline().remaining(System.nanoTime())), TimeUnit.NANOSECONDS)) {
                    try {
                        task.run(shedder::refusal, System::nanoTime);
                    } finally {
                        bytes.release(taken);
                    }
                } else {
                    task.send().accept(shedder.refusal(LoadShedder.Reason.DEADLINE));
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                task.send().accept(shedder.refusal(LoadShedder.Reason.WORKERS));
            }
        }
    }
}
