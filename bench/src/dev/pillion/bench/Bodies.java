package dev.pillion.bench;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The request bodies of one workload: a text with placeholders, which get a different number in each request.
 *
 * @param path the path of the requests
 */
record Bodies(String path, byte[] text, List<Integer> places) {

    /** The placeholder for a number of five letters and digits. */
    static final String NUMBER = "\u0001\u0001\u0001\u0001\u0001";

    /** The number of different texts of five letters and digits. */
    private static final long NUMBERS = 36L * 36 * 36 * 36 * 36;

    private static final long A_PRIME = 22_801_763;

    static Bodies of(String path, String text) {
        List<Integer> places = new ArrayList<>();
        for (int at = text.indexOf(NUMBER); at >= 0; at = text.indexOf(NUMBER, at + NUMBER.length())) {
            places.add(at);
        }
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        if (bytes.length != text.length()) {
            throw new IllegalArgumentException("only ASCII, so that places in the text are places in the bytes");
        }
        return new Bodies(path, bytes, places);
    }

    int length() {
        return text.length;
    }

    /** Writes the body of the request with this number. */
    void write(int number, ByteBuf out) {
        int start = out.writerIndex();
        out.writeBytes(text);
        byte[] digits = digits(number);
        for (int place : places) {
            out.setBytes(start + place, digits);
        }
    }

    private static byte[] digits(int number) {
        byte[] digits = new byte[NUMBER.length()];
        // Each number once, in an order that looks random, like generated names.
        long rest = number * A_PRIME % NUMBERS;
        for (int at = digits.length - 1; at >= 0; at--) {
            digits[at] = (byte) Character.forDigit((int) (rest % 36), 36);
            rest /= 36;
        }
        return digits;
    }
}
