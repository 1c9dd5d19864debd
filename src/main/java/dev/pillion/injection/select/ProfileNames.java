package dev.pillion.injection.select;

import dev.pillion.catalog.Catalog;
import dev.pillion.catalog.InstanceName;
import dev.pillion.expression.Excerpt;
import dev.pillion.expression.Nearest;
import dev.pillion.pod.DnsLabel;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Describes what is wrong with the name of an unknown profile, and what would be right. */
final class ProfileNames {

    private static final Set<String> YES = Set.of("true", "yes", "on", "1", "enabled", "enable");
    private static final Set<String> NO = Set.of("false", "no", "off", "0", "disabled", "disable", "none");

    /** The characters of a name or list that are compared. People do not write longer ones. */
    private static final int LONGEST = 500;

    private ProfileNames() {}

    /** @param value of the annotation that contains the name */
    static String unknown(String name, String value, Catalog catalog) {
        if (name.equals("false")) {
            return "there is no profile 'false'; \"false\" opts out only if it is the whole value";
        }
        String plain = name.toLowerCase(Locale.ROOT);
        if (YES.contains(plain)) {
            return "\"" + name + "\" names no profile; write one or more of " + String.join(", ", catalog.names());
        }
        if (NO.contains(plain)) {
            return "\"" + name + "\" names no profile; to opt out, write \"false\"";
        }
        return "there is no profile '" + Excerpt.of(name) + "'"
                + withoutInvisible(name, catalog)
                        .or(() -> separated(value, catalog))
                        .or(() -> instance(name, catalog))
                        .orElseGet(() -> Nearest.hint(name, catalog.names()));
    }

    /** A suggestion for a name in the form of an instance. */
    private static Optional<String> instance(String name, Catalog catalog) {
        if (name.length() > LONGEST) {
            return Optional.empty();
        }
        return InstanceName.of(name).flatMap(each -> {
            String instance = each.instance();
            if (catalog.profile(each.profile()).isPresent()) {
                return Optional.of("; '" + Excerpt.of(instance)
                        + "' is not a valid instance name, which has lower-case letters, digits and hyphens"
                        + suggestion(DnsLabel.like(instance), each.profile()));
            }
            return Nearest.to(each.profile(), catalog.names())
                    .map(nearest -> suggestion(instance, nearest))
                    .or(() -> catalog.profile(instance)
                            .map(profile -> "; another instance of profile '" + profile.name() + "' is called "
                                    + new InstanceName(each.profile(), profile.name())));
        });
    }

    private static String suggestion(String instance, String profile) {
        InstanceName meant = new InstanceName(instance, profile);
        return meant.isValid() ? "; did you mean '" + meant + "'?" : "";
    }

    private static Optional<String> withoutInvisible(String name, Catalog catalog) {
        if (name.length() > LONGEST) {
            return Optional.empty();
        }
        String visible = Excerpt.withoutInvisible(name);
        if (visible.equals("false") && !visible.equals(name)) {
            return Optional.of("; without the invisible character it would be \"false\", which opts out");
        }
        return visible.equals(name) || catalog.profile(visible).isEmpty()
                ? Optional.empty()
                : Optional.of("; without the invisible character it would be '" + visible + "'");
    }

    /** A suggestion for names that are not separated by commas. */
    private static Optional<String> separated(String value, Catalog catalog) {
        if (value.length() > LONGEST) {
            return Optional.empty();
        }
        List<String> names = new ArrayList<>();
        for (String part : value.split("[^A-Za-z0-9.-]+|(?<![A-Za-z0-9])[.-]+|[.-]+(?![A-Za-z0-9])")) {
            if (!part.isEmpty()) {
                if (catalog.profile(part).isEmpty()) {
                    return Optional.empty();
                }
                names.add(part);
            }
        }
        return switch (names.size()) {
            case 0 -> Optional.empty();
            case 1 -> Optional.of("; write " + names.getFirst());
            default -> Optional.of("; separate profiles by commas: " + String.join(", ", names));
        };
    }
}
