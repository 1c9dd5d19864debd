package dev.pillion.yaml.splice;

import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.tokens.ScalarToken;

/** Finds the ends of block scalars. */
record BlockScalars(Lines lines) {

    /** The end of a scalar. A block scalar's token includes the blank lines after it, which belong to it only if its header keeps them. */
    int end(ScalarToken scalar, int start, int end) {
        if (scalar.getStyle() != ScalarStyle.LITERAL && scalar.getStyle() != ScalarStyle.FOLDED) {
            return end;
        }
        int header = lines.end(start);
        if (header >= end) {
            return header;
        }
        int last = end == lines.start(end) ? lines.beforeBreak(end) : end;
        boolean keep =
                lines.text().substring(start, header).replaceFirst("\\s.*", "").contains("+");
        int indent = keep ? 0 : indentation(header, last);
        while (!keep && last > header) {
            int lineStart = lines.start(last);
            if (!lines.isBlank(lineStart, last) || last - lineStart > indent) {
                return last;
            }
            last = lines.beforeBreak(lineStart);
        }
        return Math.max(header, last);
    }

    /** The indentation of the first line that is not blank. */
    private int indentation(int header, int end) {
        for (int at = lines.afterBreak(header); at < end; at = lines.afterBreak(lines.end(at))) {
            int lineEnd = lines.end(at);
            if (!lines.isBlank(at, lineEnd)) {
                int first = at;
                while (lines.text().charAt(first) == ' ') {
                    first++;
                }
                return first - at;
            }
        }
        return 0;
    }
}
