package dev.pillion.catalog;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;

/** Names of containers and volumes: RFC 1123 labels of at most 63 characters. */
public final class DnsLabel {

    public static final int MAX_LENGTH = 63;
    private static final Pattern LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");

    private static final Pattern OTHER = Pattern.compile("[^a-z0-9]+");
    private static final Pattern OUTER_HYPHEN = Pattern.compile("^-|-$");

    private DnsLabel() {}

    public static boolean isValid(String name) {
        return LABEL.matcher(name).matches();
    }

    /** A label that reads like the text: what a label cannot hold becomes a hyphen. Different texts may give the same label. */
    public static String like(String text) {
        String hyphened = OTHER.matcher(text.toLowerCase(Locale.ROOT)).replaceAll("-");
        return OUTER_HYPHEN.matcher(hyphened).replaceAll("");
    }

    /** The label, or where it is too long its beginning and a hash of the whole. */
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
