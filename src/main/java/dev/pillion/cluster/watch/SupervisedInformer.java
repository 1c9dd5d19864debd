package dev.pillion.cluster.watch;

import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An informer that is replaced after it has ended. Fabric8 repeats a list or a watch after every failure that it expects. {@link #check} detects
 * the others and must be called periodically.
 *
 * @param <T> what is watched
 */
final class SupervisedInformer<T> implements AutoCloseable {

    /** Much longer than the pause between two of Fabric8's own attempts, some tens of seconds. */
    private static final long MAX_PAUSE = Duration.ofMinutes(5).toNanos();

    private final Supplier<SharedIndexInformer<T>> informers;
    private final Consumer<Throwable> failed;
    private final Runnable listed;
    private @Nullable SharedIndexInformer<T> informer;
    private long lastWatching = System.nanoTime();
    private boolean closed;

    /**
     * @param informers creates an informer that is not started
     * @param failed receives the reason why there are no updates
     * @param listed is called when an informer has listed all objects for the first time
     */
    SupervisedInformer(Supplier<SharedIndexInformer<T>> informers, Consumer<Throwable> failed, Runnable listed) {
        this.informers = informers;
        this.failed = failed;
        this.listed = listed;
    }

    synchronized void start() {
        SharedIndexInformer<T> started = informers.get().exceptionHandler((wasStarted, failure) -> {
            report(failure);
            return true;
        });
        informer = started;
        lastWatching = System.nanoTime();
        var _ = started.start().thenRun(listed);
    }

    /** Fabric8 would not try again after an exception here. */
    private void report(Throwable failure) {
        try {
            failed.accept(failure);
        } catch (Throwable e) {
            return;
        }
    }

    /** Replaces the informer if it has ended. The store keeps its contents until the new one has listed all objects. */
    synchronized void check() {
        if (closed || informer == null) {
            return;
        }
        boolean ended = informer.stopped().toCompletableFuture().isDone();
        if (!ended && informer.isWatching()) {
            lastWatching = System.nanoTime();
        } else if (ended || System.nanoTime() - lastWatching > MAX_PAUSE) {
            failed.accept(new IllegalStateException("the watch has ended; another one is started"));
            informer.close();
            start();
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (informer != null) {
            informer.close();
        }
    }
}
