package dev.pillion.injection.render;

import dev.pillion.pod.DnsLabel;

/** The name of the volume of a shared directory, for example {@code pillion-var-log-nginx}, unless the profile names the volume. */
public final class SharedVolumeName {

    public static final String PREFIX = "pillion-";

    private SharedVolumeName() {}

    /** A readable name. If two directories could have the same name, it ends with a hash. */
    public static String of(String path) {
        String plain = PREFIX + DnsLabel.like(path);
        return isAmbiguous(path)
                ? DnsLabel.shortened(plain, DnsLabel.MAX_LENGTH - 9) + "-" + DnsLabel.hash(path)
                : DnsLabel.shortened(plain, DnsLabel.MAX_LENGTH);
    }

    /** Whether another path could have the same label. Only paths of small letters and digits between single slashes are unique. */
    private static boolean isAmbiguous(String path) {
        boolean afterSlash = false;
        for (int index = 0; index < path.length(); index++) {
            char letter = path.charAt(index);
            boolean plain = (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9');
            boolean fits = index == 0 ? letter == '/' : plain || (letter == '/' && !afterSlash);
            if (!fits) {
                return true;
            }
            afterSlash = letter == '/';
        }
        return path.isEmpty() || afterSlash;
    }
}
