package dev.pillion.catalog;

import dev.pillion.expression.Nearest;
import dev.pillion.yaml.Document;
import dev.pillion.yaml.YamlException;
import dev.pillion.yaml.YamlReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Files on their way to becoming a catalog. Policies are compiled last, since they name profiles that may stand in a later file. */
final class Sources {

    private final Map<String, Profile> profiles = new HashMap<>();
    private final Map<String, Profile> own = new HashMap<>();
    /** Names of profiles that do not compile: that is told once, and not by every policy that names one. */
    private final Set<String> broken = new HashSet<>();

    private final List<Source> policies = new ArrayList<>();
    private final List<Problem> problems = new ArrayList<>();

    Sources() {}

    /** @param below whose profiles are there too, unless a file has one of the same name */
    Sources(Catalog below) {
        below.profiles().forEach(profile -> profiles.put(profile.name(), profile));
    }

    List<Problem> problems() {
        return problems;
    }

    /** Adds what a file holds. */
    void add(String file, String text) {
        try {
            for (Document document : YamlReader.read(text, ResourceLimits.NODES_OF_FILE)) {
                add(file, document);
            }
        } catch (YamlException e) {
            problems.add(new Problem(file, e.line(), "", "is not YAML: " + e.getMessage()));
        }
    }

    private void add(String file, Document document) {
        if (!document.tree().isObject()) {
            problems.add(new Problem(file, document.line(""), "", "must be a map"));
            return;
        }
        String kind = document.tree().path("kind").asText(ProfileReader.KIND);
        switch (kind) {
            case ProfileReader.KIND ->
                ProfileReader.read(file, document, problems)
                        .ifPresentOrElse(
                                profile -> add(file, document, profile),
                                () -> broken.add(
                                        document.tree().at("/metadata/name").asText()));
            case PolicyReader.KIND -> policies.add(new Source(file, document));
            default -> {
                List<String> kinds = List.of(ProfileReader.KIND, PolicyReader.KIND);
                // All that is in it would be unknown; it is here by mistake.
                problems.add(new Problem(
                        file,
                        document.line("kind"),
                        "kind",
                        "must be " + String.join(" or ", kinds) + ", is " + kind + Nearest.question(kind, kinds)));
            }
        }
    }

    private void add(String file, Document document, Profile profile) {
        Profile other = own.put(profile.name(), profile);
        if (other != null) {
            standsTwice(file, document, "profile", profile.name(), other.source());
        }
    }

    private void standsTwice(String file, Document document, String kind, String name, String source) {
        problems.add(new Problem(
                file,
                document.line("metadata.name"),
                "metadata.name",
                "the " + kind + " '" + name + "' stands in " + source + " too"));
    }

    /**
     * The catalog of all that was added.
     *
     * @throws InvalidCatalogException with all that is wrong with any of it
     */
    Catalog catalog() throws InvalidCatalogException {
        profiles.putAll(own);
        Map<String, Policy> compiled = new HashMap<>();
        for (Source source : policies) {
            PolicyReader.read(source.file(), source.document(), profiles, broken, problems)
                    .ifPresent(policy -> {
                        Policy other = compiled.put(policy.name(), policy);
                        if (other != null) {
                            standsTwice(source.file(), source.document(), "policy", policy.name(), other.source());
                        }
                    });
        }
        if (!problems.isEmpty()) {
            throw new InvalidCatalogException(problems);
        }
        return new Catalog(profiles, compiled.values(), policies, List.of());
    }
}
