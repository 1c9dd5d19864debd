package dev.pillion.server.review;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Parses durations as Go formats them, for example {@code 5s}, {@code 1m30s} or {@code 1.5h} (time.ParseDuration). */
final class GoDuration {

    /** Go never formats a longer duration. */
    private static final int LONGEST = 40;

    private static final Pattern PART = Pattern.compile("([0-9]{1,12}(?:\\.[0-9]{1,12})?)(ns|us|µs|μs|ms|s|m|h)");

    private static final Map<String, Long> NANOSECONDS = Map.of(
            "ns", 1L,
            "us", 1_000L,
            "µs", 1_000L,
            "μs", 1_000L,
            "ms", 1_000_000L,
            "s", 1_000_000_000L,
            "m", 60_000_000_000L,
            "h", 3_600_000_000_000L);

    private static final BigDecimal LARGEST = BigDecimal.valueOf(Long.MAX_VALUE);

    private GoDuration() {}

    /** Empty if the text is not a duration or is negative. */
    static Optional<Duration> parse(String text) {
        if (text.isEmpty() || text.length() > LONGEST) {
            return Optional.empty();
        }
        Matcher part = PART.matcher(text);
        BigDecimal sum = BigDecimal.ZERO;
        int end = 0;
        while (part.find() && part.start() == end) {
            sum = sum.add(new BigDecimal(part.group(1))
                    .multiply(BigDecimal.valueOf(NANOSECONDS.getOrDefault(part.group(2), 0L))));
            end = part.end();
        }
        return end == text.length() && sum.compareTo(LARGEST) <= 0
                ? Optional.of(Duration.ofNanos(sum.longValue()))
                : Optional.empty();
    }
}
