package dev.pillion.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** Choices that depend on the bytes of a fuzzer's input. After the last byte, each choice is the first one. */
public final class Choices {

    private final byte[] bytes;
    private int at;

    public Choices(byte[] bytes) {
        this.bytes = bytes;
    }

    public boolean hasMore() {
        return at < bytes.length;
    }

    /** A number from 0 to {@code bound - 1}. */
    public int below(int bound) {
        int number = next();
        if (bound > 256) {
            number = number << 8 | next();
        }
        return number % bound;
    }

    public <T> T pick(List<T> from) {
        return from.get(below(from.size()));
    }

    /** A text of at most 255 bytes. */
    public String text() {
        return new String(some(), StandardCharsets.UTF_8);
    }

    /** At most 255 bytes. */
    public byte[] some() {
        int from = Math.min(at + 1, bytes.length);
        int length = next();
        at = Math.min(from + length, bytes.length);
        return Arrays.copyOfRange(bytes, from, at);
    }

    private int next() {
        return at < bytes.length ? bytes[at++] & 0xff : 0;
    }
}
