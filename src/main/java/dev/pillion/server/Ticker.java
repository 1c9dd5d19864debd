package dev.pillion.server;

import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Does things again and again, on a thread of its own: each may wait for files or for the API server. An exception, which would end a
 * schedule of the JDK's for good, is told of, and the next time follows.
 */
final class Ticker implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(Ticker.class);

    private final ScheduledThreadPoolExecutor thread;

    /** @param name of the thread */
    Ticker(String name) {
        this.thread = new ScheduledThreadPoolExecutor(
                1,
                Thread.ofPlatform().daemon().name(name).factory(),
                // What comes while it is being closed is of no interest any more.
                new ThreadPoolExecutor.DiscardPolicy());
    }

    /**
     * For the first time after one period.
     *
     * @param what is done, as a log says that it failed
     */
    void every(Duration period, String what, Runnable work) {
        every(period, period, what, work);
    }

    void every(Duration first, Duration period, String what, Runnable work) {
        thread.scheduleWithFixedDelay(
                () -> attempt(what, work), first.toMillis(), period.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** At once, and then after a pause that is asked for each time. */
    void pausing(Supplier<Duration> pause, String what, Runnable work) {
        thread.execute(() -> again(pause, what, work));
    }

    private void again(Supplier<Duration> pause, String what, Runnable work) {
        attempt(what, work);
        thread.schedule(() -> again(pause, what, work), pause.get().toMillis(), TimeUnit.MILLISECONDS);
    }

    private void attempt(String what, Runnable work) {
        try {
            work.run();
        } catch (RuntimeException e) {
            // What it works with may be closed already.
            if (!thread.isShutdown()) {
                LOG.errorf(e, "%s failed; the next one follows", what);
            }
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
