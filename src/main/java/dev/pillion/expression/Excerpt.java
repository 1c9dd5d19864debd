package dev.pillion.expression;

import java.util.List;

/** Makes text from outside safe for a message: it can have any length and any characters. */
public final class Excerpt {

    private static final int LENGTH = 100;

    /** Cyrillic and Greek letters that look like Latin ones in most fonts. */
    private static final String LOOKALIKES = "аеорсухіјѕһԁԛԝАВЕКМНОРСТХУІЈЅΑΒΕΖΗΙΚΜΝΟΡΤΥΧονρυ";

    private Excerpt() {}

    /** The text, or its first 100 characters and an ellipsis. */
    public static String of(String text) {
        return of(text, LENGTH);
    }

    /** The text, or its first characters and an ellipsis. A surrogate pair is not split. */
    public static String of(String text, int length) {
        if (text.length() <= length) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(length - 1)) ? length - 1 : length;
        return text.substring(0, end) + "…";
    }

    /** The text, or as many of its first sentences or words as fit with an ellipsis into a number of characters. */
    public static String sentences(String text, int length) {
        if (text.length() <= length) {
            return text;
        }
        String start = text.substring(0, length - 1);
        for (String end : List.of("\n", ". ", "; ", " ")) {
            int last = start.lastIndexOf(end);
            // At least half of the length is used.
            if (last >= length / 2) {
                return start.substring(0, last + end.strip().length()) + "…";
            }
        }
        return (Character.isHighSurrogate(start.charAt(start.length() - 1)) ? start.substring(0, length - 2) : start)
                + "…";
    }

    /**
     * The text on one line without invisible characters. White space that ends a line becomes a space. Other invisible characters, such as a
     * no-break space or a change of direction, are written as code points, for example {@code <U+00A0>}. So are letters that look like Latin ones
     * beside Latin letters.
     */
    public static String visible(String text) {
        if (isVisible(text)) {
            return text;
        }
        StringBuilder visible = new StringBuilder(text.length() + 16);
        boolean space = false;
        for (int index = 0; index < text.length(); ) {
            int point = text.codePointAt(index);
            boolean lookalike = isLookalike(text, index);
            index += Character.charCount(point);
            boolean breaking = isBreaking(point);
            if (breaking) {
                if (!space) {
                    visible.append(' ');
                }
            } else if (isInvisible(point) || lookalike) {
                visible.append(String.format("<U+%04X>", point));
            } else {
                visible.appendCodePoint(point);
            }
            space = breaking;
        }
        return visible.toString();
    }

    /** The text without the characters that {@link #visible} writes as code points. */
    public static String withoutInvisible(String text) {
        StringBuilder visible = new StringBuilder(text.length());
        text.codePoints().filter(point -> !isHidden(point) && !isBlank(point)).forEach(visible::appendCodePoint);
        return visible.toString();
    }

    /** The text for a log: control and format characters are written as in JSON, except line feeds and tabs. */
    public static String visibleLines(String text) {
        StringBuilder visible = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(point -> {
            if (!isHidden(point) || point == '\n' || point == '\t') {
                visible.appendCodePoint(point);
            } else {
                for (char unit : Character.toChars(point)) {
                    visible.append(String.format("\\u%04X", (int) unit));
                }
            }
        });
        return visible.toString();
    }

    private static boolean isVisible(String text) {
        for (int index = 0; index < text.length(); index++) {
            char unit = text.charAt(index);
            if (unit < ' ' || unit >= 0x7f && (isInvisible(text.codePointAt(index)) || isLookalike(text, index))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isInvisible(int point) {
        return isHidden(point) || isBlank(point);
    }

    private static boolean isLookalike(String text, int index) {
        return LOOKALIKES.indexOf(text.charAt(index)) >= 0 && (isLatin(text, index - 1) || isLatin(text, index + 1));
    }

    private static boolean isLatin(String text, int index) {
        if (index < 0 || index >= text.length()) {
            return false;
        }
        char letter = text.charAt(index);
        return letter >= 'a' && letter <= 'z' || letter >= 'A' && letter <= 'Z';
    }

    private static boolean isBreaking(int point) {
        return switch (point) {
            case '\t', '\n', '\r', 0x85, 0x2028, 0x2029 -> true;
            default -> false;
        };
    }

    private static boolean isHidden(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE -> true;
            default -> false;
        };
    }

    /** Spaces other than the usual one, and characters without a visible form. */
    private static boolean isBlank(int point) {
        return switch (point) {
            case 0x034f, 0x115f, 0x1160, 0x17b4, 0x17b5, 0x2800, 0x3164, 0xffa0 -> true;
            default -> point != ' ' && Character.getType(point) == Character.SPACE_SEPARATOR;
        };
    }
}
