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
import java.util.Optional;
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

    /** @param below its profiles are available too, unless a file has one of the same name */
    Sources(Catalog below) {
        this.below = below.profilesByName();
    }

    /**
     * The documents of a file. Files can be compiled at the same time, but not added.
     *
     * @param problem why the file is not YAML
     */
    record CompiledFile(String file, List<CompiledDocument> documents, Optional<Problem> problem) {

        static CompiledFile of(String file, String text) {
            try {
                return new CompiledFile(
                        file,
                        CatalogDocument.in(text).stream()
                                .map(document -> CompiledDocument.of(file, document))
                                .toList(),
                        Optional.empty());
            } catch (YamlException e) {
                String hint = UnquotedExpression.inLine(text, e.line())
                        .map(explanation -> "; " + explanation)
                        .orElse("");
                return new CompiledFile(
                        file,
                        List.of(),
                        Optional.of(new Problem(file, e.line(), "", "is not YAML: " + e.getMessage() + hint)));
            }
        }
    }

    /** A document with its profile, if it is one that compiles, and the problems of this profile. */
    private record CompiledDocument(CatalogDocument found, Optional<Profile> profile, List<Problem> problems) {

        static CompiledDocument of(String file, CatalogDocument found) {
            Document document = found.document();
            List<Problem> problems = new ArrayList<>();
            Optional<Profile> profile =
                    document.tree().isObject() && kind(document).equals(ProfileReader.KIND)
                            ? ProfileReader.read(file, document, problems)
                            : Optional.empty();
            return new CompiledDocument(found, profile, problems);
        }
    }

    /** Adds the documents of a file. */
    void add(CompiledFile compiled) {
        compiled.documents().forEach(document -> add(compiled.file(), document));
        compiled.problem().ifPresent(problems::add);
    }

    private void add(String file, CompiledDocument compiled) {
        CatalogDocument found = compiled.found();
        Document document = found.document();
        List<Problem> problemsOfDocument = new ArrayList<>(compiled.problems());
        if (document.tree().isObject()) {
            add(file, compiled, problemsOfDocument);
        } else {
            problemsOfDocument.add(new Problem(file, document.line(""), "", "must be a map"));
        }
        problemsOfDocument.forEach(problem -> problems.add(found.inFile(problem)));
    }

    private void add(String file, CompiledDocument compiled, List<Problem> problemsOfDocument) {
        CatalogDocument found = compiled.found();
        Document document = found.document();
        String kind = kind(document);
        switch (kind) {
            case ProfileReader.KIND ->
                compiled.profile()
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

    private static String kind(Document document) {
        return document.tree().path("kind").asText(ProfileReader.KIND);
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
        return new Catalog(profiles, compiled.values(), policies, List.of(), Map.of());
    }
}
