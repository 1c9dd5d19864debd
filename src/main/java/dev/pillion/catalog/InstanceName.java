package dev.pillion.catalog;

import dev.pillion.pod.DnsLabel;
import java.util.Optional;

/**
 * The name by which a further copy of a profile is requested for the same Pod: {@code INSTANCE.PROFILE}. No profile's name has a dot.
 *
 * @param instance distinguishes the copy; in a request of a Pod it can be any text
 */
public record InstanceName(String instance, String profile) {

    /** The parts of an instance's name; empty for the name of a profile. */
    public static Optional<InstanceName> of(String name) {
        int dot = name.lastIndexOf('.');
        return dot < 0
                ? Optional.empty()
                : Optional.of(new InstanceName(name.substring(0, dot), name.substring(dot + 1)));
    }

    /** The name of the profile, also if the name is that of an instance. */
    public static String profileOf(String name) {
        return name.substring(name.lastIndexOf('.') + 1);
    }

    /** The name that a container or a volume of the profile has in the instance. */
    static String renamed(String name, String instance) {
        return name + suffix(instance);
    }

    /** The name in the profile; empty if the name is not one of the instance. */
    static Optional<String> original(String renamed, String instance) {
        String suffix = suffix(instance);
        return renamed.endsWith(suffix)
                ? Optional.of(renamed.substring(0, renamed.length() - suffix.length()))
                : Optional.empty();
    }

    private static String suffix(String instance) {
        return "-" + instance;
    }

    /** Whether the instance has a valid name. The names of its containers end with it. */
    public boolean isValid() {
        return DnsLabel.isValid(instance);
    }

    @Override
    public String toString() {
        return instance + "." + profile;
    }
}
