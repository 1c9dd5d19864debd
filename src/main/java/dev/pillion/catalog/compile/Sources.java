package dev.pillion.catalog.compile;

import dev.pillion.catalog.Catalog;
import dev.pillion.catalog.LazyProfiles;
import dev.pillion.catalog.Policy;
import dev.pillion.catalog.Profile;
import dev.pillion.catalog.Source;
import dev.pillion.expression.Nearest;
import dev.pillion.expression.UnquotedExpression;
import dev.pillion.yaml.Document;
import dev.pillion.yaml.YamlException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Compiles files to a catalog. Policies are compiled last, because they can name profiles of later files. */
final class Sources {

    private final LazyProfiles below;
    private final Map<String, Profile> own = new HashMap<>();
    /** Names of profiles that do not compile. Policies that name them do not report it again. */
    private final Set<String> broken = new HashSet<>();

    private final List<Source> policies = new ArrayList<>();
    /** The documents of the policies, in the same order. */
    private final List<CatalogDocument> policyDocuments = new ArrayList<>();

    private final List<Problem> problems = new ArrayList<>();

    Sources() {
        this.below = LazyProfiles.of(Map.of());
    }

    /** @param below its profiles are available too, unless a file has one of the same name */
    Sources(Catalog below) {
        this.below = below.profilesByName();
    }

    List<Problem> problems() {
        return problems;
    }

    /** Adds the documents of a file. */
    void add(String file, String text) {
        try {
            for (CatalogDocument document : CatalogDocument.in(text)) {
                add(file, document);
            }
        } catch (YamlException e) {
            String hint = UnquotedExpression.inLine(text, e.line())
                    .map(explanation -> "; " + explanation)
                    .orElse("");
            problems.add(new Problem(file, e.line(), "", "is not YAML: " + e.getMessage() + hint));
        }
    }

    private void add(String file, CatalogDocument found) {
        Document document = found.document();
        List<Problem> problemsOfDocument = new ArrayList<>();
        if (document.tree().isObject()) {
            add(file, found, problemsOfDocument);
        } else {
            problemsOfDocument.add(new Problem(file, document.line(""), "", "must be a map"));
        }
        problemsOfDocument.forEach(problem -> problems.add(found.inFile(problem)));
    }

    private void add(String file, CatalogDocument found, List<Problem> problemsOfDocument) {
        Document document = found.document();
        String kind = document.tree().path("kind").asText(ProfileReader.KIND);
        switch (kind) {
            case ProfileReader.KIND ->
                ProfileReader.read(file, document, problemsOfDocument)
                        .ifPresentOrElse(
                                profile -> add(file, document, profile, problemsOfDocument),
                                () -> broken.add(
                                        document.tree().at("/metadata/name").asText()));
            case PolicyReader.KIND -> {
                policies.add(new Source(file, document));
                policyDocuments.add(found);
            }
            default -> {
                List<String> kinds = List.of(ProfileReader.KIND, PolicyReader.KIND);
                // The document is in the directory by mistake, so its fields are not reported.
                problemsOfDocument.add(new Problem(
                        file,
                        document.line("kind"),
                        "kind",
                        kind.endsWith("List")
                                ? "is " + kind + ", which has its profiles and policies under items; there is no list"
                                : "must be " + String.join(" or ", kinds) + ", is " + kind
                                        + Nearest.question(kind, kinds)));
            }
        }
    }

    private void add(String file, Document document, Profile profile, List<Problem> problemsOfDocument) {
        Profile other = own.put(profile.name(), profile);
        if (other != null) {
            problemsOfDocument.add(duplicate(file, document, "profile", profile.name(), other.source()));
        }
    }

    private static Problem duplicate(String file, Document document, String kind, String name, String source) {
        return new Problem(
                file,
                document.line("metadata.name"),
                "metadata.name",
                "the " + kind + " '" + name + "' is also defined in " + source);
    }

    /**
     * Compiles the added files.
     *
     * @throws InvalidCatalogException with all problems of the files
     */
    Catalog catalog() throws InvalidCatalogException {
        LazyProfiles profiles = below.with(own);
        Map<String, Policy> compiled = new HashMap<>();
        for (int index = 0; index < policies.size(); index++) {
            Source source = policies.get(index);
            CatalogDocument document = policyDocuments.get(index);
            List<Problem> found = new ArrayList<>();
            PolicyReader.read(source.file(), source.document(), profiles, broken, found)
                    .ifPresent(policy -> {
                        Policy other = compiled.put(policy.name(), policy);
                        if (other != null) {
                            found.add(duplicate(
                                    source.file(), source.document(), "policy", policy.name(), other.source()));
                        }
                    });
            found.forEach(problem -> problems.add(document.inFile(problem)));
        }
        if (!problems.isEmpty()) {
            throw new InvalidCatalogException(problems);
        }
        return new Catalog(profiles, compiled.values(), policies, List.of());
    }
}
