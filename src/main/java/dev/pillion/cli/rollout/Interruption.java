package dev.pillion.cli.rollout;

import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;

/** Says what was done when the user interrupts the command. Nothing else is needed: each change is one request, and the cluster stores its state. */
final class Interruption implements AutoCloseable {

    private final PrintWriter err;
    private final int steps;
    private final Thread hook = new Thread(this::report, "interruption");
    private int done;
    private @Nullable Step current;

    private Interruption(PrintWriter err, int steps) {
        this.err = err;
        this.steps = steps;
    }

    /** @param steps how many workloads are to be brought up to date */
    static Interruption reportedTo(PrintWriter err, int steps) {
        Interruption interruption = new Interruption(err, steps);
        Runtime.getRuntime().addShutdownHook(interruption.hook);
        return interruption;
    }

    synchronized void begins(Step step) {
        current = step;
    }

    synchronized void ended() {
        current = null;
        done++;
    }

    synchronized void report() {
        err.println();
        err.println("interrupted: " + done + " of " + steps + " workloads are done"
                + (current == null ? "" : "; Kubernetes completes what was begun for " + current.target())
                + "; the same command continues where this one stopped");
        err.flush();
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The process ends already, so the hook runs.
        }
    }
}
