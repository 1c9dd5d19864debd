package dev.pillion.yaml.splice;

import java.util.Random;

/** Prints strings in forms that do not show all of their value, and changes strings. */
final class RandomScalar {

    private static final String[] WORDS = {"a", "bb", "a b", "c", " d", "e ", "# f", "g: h", "\ti"};

    private RandomScalar() {}

    /** The field {@code v} with a block scalar, a string in quotes, or a plain string, on one line or several. */
    static String field(Random random) {
        return switch (random.nextInt(5)) {
            case 0 -> "v: 'a" + breaks(random) + "b''c' # end\n";
            case 1 -> "v: \"a" + breaks(random) + "\\x62\\\n  c\"\n";
            case 2 -> "v: a" + breaks(random) + "b # end\n";
            default -> block(random);
        };
    }

    private static String breaks(Random random) {
        return random.nextInt(3) == 0 ? " " : "\n".repeat(1 + random.nextInt(2)) + "  ";
    }

    private static String block(Random random) {
        int indentation = 1 + random.nextInt(3);
        String digit = random.nextInt(3) == 0 ? String.valueOf(indentation) : "";
        String chomping = pick(random, "", "-", "+");
        StringBuilder text = new StringBuilder("v: ")
                .append(pick(random, "", "&v ", "!!str "))
                .append(pick(random, "|", ">"))
                .append(random.nextBoolean() ? digit + chomping : chomping + digit)
                .append(pick(random, "", " # why", "  # b: c"))
                .append('\n');
        for (int count = random.nextInt(3); count > 0; count--) {
            text.append('\n');
        }
        // Without a digit, the first line gives the indentation.
        text.append(" ".repeat(indentation)).append(digit.isEmpty() ? "a" : pick(random, "a", "  b"));
        for (int count = random.nextInt(5); count > 0; count--) {
            text.append("\n".repeat(1 + random.nextInt(3) / 2 * random.nextInt(3)))
                    .append(" ".repeat(indentation))
                    .append(pick(random, WORDS));
        }
        return text.append("\n".repeat(1 + random.nextInt(3) / 2)).toString();
    }

    /** Another string: with a part inserted, removed or replaced, or a new one. */
    static String changed(Random random, String value) {
        int start = random.nextInt(value.length() + 1);
        int end = random.nextBoolean() ? start : start + random.nextInt(value.length() + 1 - start);
        return switch (random.nextInt(5)) {
            case 0 -> pick(random, "", "X", "12", "X\nY", "X\n\n", " X ", "\ud83d\ude00", "true", "\u0007");
            case 1 -> value + pick(random, " X", "\n", ",X", "\nX\n");
            default ->
                value.substring(0, start) + pick(random, "", "X", " X ", "\n", " ", "\n X") + value.substring(end);
        };
    }

    private static String pick(Random random, String... from) {
        return from[random.nextInt(from.length)];
    }
}
