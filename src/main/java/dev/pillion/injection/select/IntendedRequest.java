package dev.pillion.injection.select;

import dev.pillion.catalog.Catalog;
import dev.pillion.catalog.InstanceName;
import dev.pillion.catalog.LabelSelector;
import dev.pillion.catalog.Policy;
import dev.pillion.expression.Nearest;
import dev.pillion.injection.reason.Annotations;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The request that a label or an annotation most likely means.
 *
 * @param annotation the correct key, as an annotation of a Pod
 * @param misspelt whether the actual key differs
 */
public record IntendedRequest(String annotation, boolean misspelt) {

    private static final String NAME = "pillion";
    private static final int LONGEST_KEY = 120;

    /**
     * The request that a key and its value look like; empty if they belong to another product. A domain that only resembles Pillion's, such as
     * {@code million.dev}, counts only if the key names a parameter of a profile or the value names profiles.
     */
    public static Optional<IntendedRequest> of(String key, String value, Catalog catalog) {
        if (key.length() > LONGEST_KEY) {
            return Optional.empty();
        }
        if (Annotations.WRITTEN_BY_PEOPLE.contains(key) || isParameter(key, catalog)) {
            return Optional.of(new IntendedRequest(key, false));
        }
        String lower = key.toLowerCase(Locale.ROOT);
        int slash = lower.indexOf('/');
        if (slash < 0) {
            return withoutSlash(lower);
        }
        String domain = lower.substring(0, slash);
        int top = domain.lastIndexOf('.');
        int second = domain.lastIndexOf('.', top - 1);
        String base = top < 0 ? domain : domain.substring(second + 1, top);
        if (!isLike(base)) {
            return Optional.empty();
        }
        String profile = top < 0 || second < 0 ? "" : key.substring(0, second);
        String name = key.substring(slash + 1);
        boolean certain = base.equals(NAME);
        Optional<String> meant = profile.isEmpty()
                ? annotation(lower.substring(slash + 1), catalog)
                        .filter(annotation -> certain || hasProfile(value, catalog))
                : parameter(profile, name, catalog);
        return meant.filter(annotation -> !annotation.equals(key))
                .map(annotation -> new IntendedRequest(annotation, true));
    }

    /** Whether a policy selects by a label, so that the label has an effect. */
    static boolean isSelected(String label, Catalog catalog) {
        for (Policy policy : catalog.policies()) {
            if (selects(policy.namespaces(), label) || selects(policy.pods(), label)) {
                return true;
            }
        }
        return false;
    }

    private static boolean selects(LabelSelector selector, String label) {
        return selector.requirements().stream()
                .anyMatch(requirement -> requirement.key().equals(label));
    }

    private static boolean isParameter(String key, Catalog catalog) {
        return Annotations.isParameter(key)
                && catalog.profile(Annotations.profileOf(key)).isPresent();
    }

    private static boolean isLike(String base) {
        return Math.abs(base.length() - NAME.length()) <= 2
                && (base.equals(NAME) || Nearest.to(base, List.of(NAME)).isPresent());
    }

    /** Whether the key contains a profile, such as {@code inject.logging}. The profile belongs in the value. */
    static boolean isInjectWithProfile(String name, Catalog catalog) {
        String[] parts = name.split("[.-]", 2);
        return parts.length == 2
                && Nearest.to(parts[0], List.of("inject")).isPresent()
                && catalog.profile(parts[1]).isPresent();
    }

    /** Keys such as {@code pillion.dev.inject}, {@code pillion-inject} and {@code inject.pillion.dev}. */
    private static Optional<IntendedRequest> withoutSlash(String key) {
        if (key.endsWith("." + NAME + ".dev")) {
            return annotation(key.substring(0, key.length() - NAME.length() - ".dev".length() - 1))
                    .map(annotation -> new IntendedRequest(annotation, true));
        }
        if (!key.startsWith(NAME) || key.length() == NAME.length()) {
            return Optional.empty();
        }
        String rest = key.substring(NAME.length());
        String name = rest.startsWith(".dev") ? rest.substring(4) : rest;
        return name.length() < 2 || ".-_".indexOf(name.charAt(0)) < 0
                ? Optional.empty()
                : annotation(name.substring(1)).map(annotation -> new IntendedRequest(annotation, true));
    }

    private static Optional<String> annotation(String name, Catalog catalog) {
        return isInjectWithProfile(name, catalog) ? Optional.of(Annotations.INJECT) : annotation(name);
    }

    private static Optional<String> annotation(String name) {
        return Nearest.to("pillion.dev/" + name, Annotations.WRITTEN_BY_PEOPLE);
    }

    private static Optional<String> parameter(String profile, String name, Catalog catalog) {
        return catalog.profile(profile)
                .filter(known -> known.parameters().containsKey(name))
                .map(known -> Annotations.parameter(known.name(), name));
    }

    private static boolean hasProfile(String value, Catalog catalog) {
        for (String requested : value.split("[\\s,;]+", 20)) {
            String name = InstanceName.profileOf(requested);
            // Short words often resemble short names by chance.
            boolean near = name.length() >= 5
                    ? Nearest.to(name, catalog.names()).isPresent()
                    : catalog.profile(name).isPresent();
            if (near) {
                return true;
            }
        }
        return false;
    }
}
