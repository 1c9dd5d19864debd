package dev.pillion.cli.terminal;

import java.io.PrintWriter;

/** A bar on standard error for a person who waits; nothing where nobody looks. */
public final class Progress {

    private static final int WIDTH = 40;

    private final PrintWriter err;
    private final boolean shown;
    private boolean begun;

    public Progress(PrintWriter err, boolean shown) {
        this.err = err;
        this.shown = shown;
    }

    public void reached(long done, long all) {
        if (shown && all > 0) {
            begun = true;
            int filled = (int) (WIDTH * done / all);
            err.print("\r[" + "#".repeat(filled) + ".".repeat(WIDTH - filled) + "] " + done + " of " + all + " Pods");
            err.flush();
        }
    }

    /** Wipes the bar away. */
    public void end() {
        if (begun) {
            err.print("\r\u001b[K");
            err.flush();
        }
    }
}
