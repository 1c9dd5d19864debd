package dev.pillion.catalog;

import dev.pillion.pod.DnsLabel;
import java.util.Optional;

/**
 * The name by which a further copy of a profile is requested for the same Pod: {@code INSTANCE.PROFILE}. No profile's name has a dot.
 *
 * @param instance tells the copy apart; in a request of a Pod it may be any text
 */
public record InstanceName(String instance, String profile) {

    /** The parts of a name; empty where it is a profile's own, which has no instance. */
    public static Optional<InstanceName> of(String name) {
        int dot = name.lastIndexOf('.');
        return dot < 0
                ? Optional.empty()
                : Optional.of(new InstanceName(name.substring(0, dot), name.substring(dot + 1)));
    }

    /** The profile of a name, which may be that of an instance. */
    public static String profileOf(String name) {
        return name.substring(name.lastIndexOf('.') + 1);
    }

    /** The name of a container or a volume of the profile, as the instance has it. */
    static String renamed(String name, String instance) {
        return name + suffix(instance);
    }

    /** The name as the profile has it; empty where it is not of the instance. */
    static Optional<String> original(String renamed, String instance) {
        String suffix = suffix(instance);
        return renamed.endsWith(suffix)
                ? Optional.of(renamed.substring(0, renamed.length() - suffix.length()))
                : Optional.empty();
    }

    private static String suffix(String instance) {
        return "-" + instance;
    }

    /** Whether an instance may be called so: the names of containers end with it. */
    public boolean isValid() {
        return DnsLabel.isValid(instance);
    }

    @Override
    public String toString() {
        return instance + "." + profile;
    }
}
