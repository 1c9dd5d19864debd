package dev.pillion.cli.rollout;

import dev.pillion.cli.terminal.Printable;
import java.io.PrintWriter;

/** Prints what happens during a rollout, one line for each event. */
final class RolloutLog {

    private final PrintWriter out;
    private String last = "";

    RolloutLog(PrintWriter out) {
        this.out = out;
    }

    /** Prints a line, unless the previous line is the same. */
    void line(Target target, String event) {
        String line = Printable.oneLine(target + ": " + event);
        if (!line.equals(last)) {
            last = line;
            out.println(line);
            out.flush();
        }
    }
}
