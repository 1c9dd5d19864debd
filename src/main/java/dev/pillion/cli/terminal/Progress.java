package dev.pillion.cli.terminal;

import java.io.PrintWriter;

/** A progress bar on standard error, if the output is a terminal. */
public final class Progress {

    private static final int WIDTH = 40;

    private final String noun;
    private final PrintWriter err;
    private final boolean shown;
    private boolean started;

    /** @param noun what is counted, for example {@code Pods} */
    public Progress(String noun, PrintWriter err, boolean shown) {
        this.noun = noun;
        this.err = err;
        this.shown = shown;
    }

    public void reached(long done, long all) {
        if (shown && all > 0) {
            started = true;
            int filled = (int) (WIDTH * done / all);
            err.print(
                    "\r[" + "#".repeat(filled) + ".".repeat(WIDTH - filled) + "] " + done + " of " + all + " " + noun);
            err.flush();
        }
    }

    /** Removes the bar. */
    public void clear() {
        if (started) {
            err.print("\r\u001b[K");
            err.flush();
        }
    }
}
