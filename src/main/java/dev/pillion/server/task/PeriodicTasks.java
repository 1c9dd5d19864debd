package dev.pillion.server.task;

import dev.pillion.cluster.LogOnChange;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Runs tasks periodically on one thread, since each may wait for files or for the API server. If a task throws anything, this is logged and the task
 * runs again after its period: the JDK's own schedule would end silently. {@link TaskMetrics} shows the last success of each task.
 *
 * <p>With -XX:+ExitOnOutOfMemoryError, which the image sets, an OutOfMemoryError ends the process instead.
 */
public final class PeriodicTasks implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(PeriodicTasks.class);

    /** If the supplier of the pause throws. */
    private static final Duration FALLBACK_PAUSE = Duration.ofMinutes(1);

    private final MeterRegistry meters;
    private final ScheduledThreadPoolExecutor thread;

    /** A task that runs periodically. */
    public interface Task {

        /** @return whether it succeeded; a task that returns false has logged the reason */
        boolean run() throws Exception;
    }

    /** @param thread its name */
    public PeriodicTasks(String thread, MeterRegistry meters) {
        this.meters = meters;
        this.thread = new ScheduledThreadPoolExecutor(
                1,
                Thread.ofPlatform().daemon().name(thread).factory(),
                // Tasks that are added after close() are not needed any more.
                new ThreadPoolExecutor.DiscardPolicy());
    }

    /**
     * Runs a task for the first time after one period.
     *
     * @param name in metrics: stable, in lower case with hyphens
     */
    public void every(Duration period, String name, Task task) {
        every(period, period, name, task);
    }

    public void every(Duration first, Duration period, String name, Task task) {
        Tracked tracked = track(name, () -> period, task);
        thread.scheduleWithFixedDelay(tracked::run, first.toMillis(), period.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Runs a task at once, and again after a pause that may change each time. */
    public void pausing(Supplier<Duration> pause, String name, Task task) {
        Tracked tracked = track(name, pause, task);
        thread.execute(() -> runAgain(pause, tracked));
    }

    private void runAgain(Supplier<Duration> pause, Tracked tracked) {
        Duration next = FALLBACK_PAUSE;
        try {
            tracked.run();
            next = pause.get();
        } catch (RuntimeException e) {
            tracked.log.failed(e);
        } finally {
            thread.schedule(() -> runAgain(pause, tracked), next.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private Tracked track(String name, Supplier<Duration> period, Task task) {
        Tracked tracked = new Tracked(name, task);
        TaskMetrics.register(meters, name, period, () -> tracked.lastSuccess);
        return tracked;
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }

    private final class Tracked {

        private final Task task;
        private final LogOnChange log;
        private final Counter failures;
        private volatile Instant lastSuccess = Instant.now();

        Tracked(String name, Task task) {
            this.task = task;
            this.log = new LogOnChange(LOG, "task " + name + " fails");
            this.failures = Counter.builder("pillion.task.failures")
                    .description("Failures of a background task")
                    .tag("task", name)
                    .register(meters);
        }

        void run() {
            try {
                if (task.run()) {
                    lastSuccess = Instant.now();
                    log.recovered();
                } else {
                    failures.increment();
                }
            } catch (Throwable e) {
                // During a shutdown, the task may use something that is closed already.
                if (!thread.isShutdown()) {
                    report(e);
                }
            }
        }

        /** Logging may fail too, for lack of memory or stack, and the schedule must continue. */
        private void report(Throwable failure) {
            try {
                failures.increment();
                log.failed(failure);
            } catch (Throwable e) {
                return;
            }
        }
    }
}
