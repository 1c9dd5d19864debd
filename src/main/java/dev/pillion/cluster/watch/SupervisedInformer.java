package dev.pillion.cluster.watch;

import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An informer that is replaced when it has ended. Fabric8 lists and watches again by itself after everything that it foresees; this is for
 * what it does not, and must be checked periodically.
 *
 * @param <T> what is watched
 */
final class SupervisedInformer<T> implements AutoCloseable {

    /** Fabric8's own attempts are at most some tens of seconds apart. */
    private static final long PATIENCE = Duration.ofMinutes(5).toNanos();

    private final Supplier<SharedIndexInformer<T>> informers;
    private final Consumer<Throwable> trouble;
    private final Runnable listed;
    private @Nullable SharedIndexInformer<T> informer;
    private long watching = System.nanoTime();
    private boolean closed;

    /**
     * @param informers makes one that is not started
     * @param trouble receives the reason why there are no updates
     * @param listed is called when an informer has listed all objects for the first time
     */
    SupervisedInformer(Supplier<SharedIndexInformer<T>> informers, Consumer<Throwable> trouble, Runnable listed) {
        this.informers = informers;
        this.trouble = trouble;
        this.listed = listed;
    }

    synchronized void start() {
        SharedIndexInformer<T> started = informers.get().exceptionHandler((wasStarted, failure) -> {
            heard(failure);
            return true;
        });
        informer = started;
        watching = System.nanoTime();
        var _ = started.start().thenRun(listed);
    }

    /** An exception in this would leave the informer without another attempt. */
    private void heard(Throwable failure) {
        try {
            trouble.accept(failure);
        } catch (Throwable e) {
            return;
        }
    }

    /** Replaces the informer if it has ended. Whatever was heard of stays until the new one has listed all. */
    synchronized void check() {
        if (closed || informer == null) {
            return;
        }
        boolean ended = informer.stopped().toCompletableFuture().isDone();
        if (!ended && informer.isWatching()) {
            watching = System.nanoTime();
        } else if (ended || System.nanoTime() - watching > PATIENCE) {
            trouble.accept(new IllegalStateException("the watch has ended; another one is started"));
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
