package dev.pillion.pod;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/** Names of containers and volumes: RFC 1123 labels of at most 63 characters. */
public final class DnsLabel {

    public static final int MAX_LENGTH = 63;

    private DnsLabel() {}

    public static boolean isValid(String name) {
        int length = name.length();
        if (length == 0 || length > MAX_LENGTH || name.charAt(0) == '-' || name.charAt(length - 1) == '-') {
            return false;
        }
        for (int index = 0; index < length; index++) {
            char letter = name.charAt(index);
            if (letter != '-' && !isPlain(letter)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isPlain(char letter) {
        return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9');
    }

    /** A label that is similar to the text: other characters become hyphens. Different texts can have the same label. */
    public static String like(String text) {
        StringBuilder label = new StringBuilder(text.length());
        boolean between = false;
        for (char letter : text.toLowerCase(Locale.ROOT).toCharArray()) {
            if (isPlain(letter)) {
                label.append(between && !label.isEmpty() ? "-" : "").append(letter);
            }
            between = !isPlain(letter);
        }
        return label.toString();
    }

    /** The label, or its beginning and a hash if it is too long. */
    public static String shortened(String label, int length) {
        return label.length() <= length
                ? label
                : label.substring(0, length - 9).replaceAll("-$", "") + "-" + hash(label);
    }

    /** Eight hexadecimal digits of the text's SHA-256. */
    public static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 4);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
