package dev.pillion.certificates;

import java.util.regex.Pattern;
import org.bouncycastle.util.IPAddress;

/** The two forms of a server's name in a certificate. */
public final class ServerName {

    private static final String LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";
    private static final Pattern DNS = Pattern.compile("(\\*\\.)?" + LABEL + "(\\." + LABEL + ")*");
    private static final Pattern ONLY_NUMBERS = Pattern.compile("[0-9.]+");

    private ServerName() {}

    /** Whether it is a DNS name (RFC 1123) in lower case, with or without a wildcard. Digits and dots alone are an address. */
    public static boolean isDnsName(String name) {
        return DNS.matcher(name).matches() && !ONLY_NUMBERS.matcher(name).matches();
    }

    /** Whether it is an IPv4 or IPv6 address. */
    public static boolean isAddress(String name) {
        return IPAddress.isValid(name);
    }
}
