package dev.pillion.cli.terminal;

import java.time.Duration;

/** Ages in the form of kubectl (k8s.io/apimachinery, {@code duration.HumanDuration}): two units at most, fewer for long times. */
public final class Age {

    private static final int YEAR = 365;

    private Age() {}

    /** For example {@code 45s}, {@code 5m30s}, {@code 3h20m}, {@code 6d4h} or {@code 2y12d}. A negative duration is {@code 0s}. */
    public static String of(Duration duration) {
        long seconds = Math.max(0, duration.toSeconds());
        long minutes = seconds / 60;
        long hours = minutes / 60;
        long days = hours / 24;
        if (minutes < 2) {
            return seconds + "s";
        }
        if (minutes < 10) {
            return minutes + "m" + rest(seconds % 60, "s");
        }
        if (hours < 3) {
            return minutes + "m";
        }
        if (hours < 8) {
            return hours + "h" + rest(minutes % 60, "m");
        }
        if (days < 2) {
            return hours + "h";
        }
        if (days < 8) {
            return days + "d" + rest(hours % 24, "h");
        }
        if (days < 2 * YEAR) {
            return days + "d";
        }
        return days < 8 * YEAR ? days / YEAR + "y" + rest(days % YEAR, "d") : days / YEAR + "y";
    }

    private static String rest(long amount, String unit) {
        return amount == 0 ? "" : amount + unit;
    }
}
