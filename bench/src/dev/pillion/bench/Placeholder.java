package dev.pillion.bench;

import java.nio.charset.StandardCharsets;

/** A text that differs among requests. In the text of a review, a run of the character {@link #mark} stands for such a text of the same length. */
enum Placeholder {
    /** Hexadecimal digits, different in each request: the end of the uid of a review. */
    REVIEW_UID('\u0001', "0123456789abcdef"),
    /** Hexadecimal digits, different for each Pod: the end of the uid of the Pod or of its Job. */
    POD_UID('\u0002', "0123456789abcdef"),
    /** Five letters and digits, different for each Pod: the end of the name of the token volume, or of the name of something new. */
    SUFFIX('\u0003', Placeholder.RANDOM),
    /** The same for the end of the name of the Pod. */
    POD_NAME('\u0005', Placeholder.RANDOM),
    /** Decimal digits that count the Pods: an ordinal, a node, the time in the name of a Job. */
    COUNT('\u0004', "0123456789");

    /** The longest run. */
    static final int LENGTH = 8;

    /** The letters and digits of generated names (k8s.io/apimachinery, {@code rand}). */
    private static final String RANDOM = "bcdfghjklmnpqrstvwxz2456789";

    private static final int SUFFIX_LENGTH = 5;

    /** Multiplication by an odd number is a permutation of all integers, and this one looks random. */
    private static final int ODD = 0x9E3779B1;

    private static final long SUFFIXES = 27L * 27 * 27 * 27 * 27;

    private static final long A_PRIME = 22_801_763;

    private static final long ANOTHER_PRIME = 15_485_863;

    private final char mark;
    private final byte[] alphabet;

    Placeholder(char mark, String alphabet) {
        this.mark = mark;
        this.alphabet = alphabet.getBytes(StandardCharsets.US_ASCII);
    }

    char mark() {
        return mark;
    }

    /** The placeholder for a text of this length. */
    String text(int length) {
        return Character.toString(mark).repeat(length);
    }

    /** The placeholder for the end of a generated name. */
    String suffix() {
        return text(SUFFIX_LENGTH);
    }

    /** The text for a request. Shorter runs get its end. */
    byte[] text(long review, long pod) {
        long rest =
                switch (this) {
                    case REVIEW_UID -> Integer.toUnsignedLong((int) review * ODD);
                    case POD_UID -> Integer.toUnsignedLong((int) pod * ODD);
                    case SUFFIX -> Math.floorMod(pod * A_PRIME, SUFFIXES);
                    case POD_NAME -> Math.floorMod(pod * ANOTHER_PRIME, SUFFIXES);
                    case COUNT -> pod;
                };
        byte[] text = new byte[LENGTH];
        for (int at = LENGTH - 1; at >= 0; at--) {
            text[at] = alphabet[(int) (rest % alphabet.length)];
            rest /= alphabet.length;
        }
        return text;
    }
}
