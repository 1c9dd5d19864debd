package dev.pillion.catalog.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.catalog.LintRule;
import dev.pillion.catalog.Source;
import dev.pillion.catalog.compile.Header;
import dev.pillion.catalog.compile.PolicyReader;
import dev.pillion.catalog.compile.ProfileReader;
import dev.pillion.yaml.Document;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A profile or a policy in the API server.
 *
 * @param generation {@code metadata.generation}, which changes with the {@code spec}
 * @param tree the resource as a user writes it, without the fields that the API server adds
 * @param lastGood the last version that compiled, from the status
 * @param history for a profile: its earlier generations, from the status, the oldest first
 */
public record CatalogResource(
        Id id, long generation, JsonNode tree, Optional<LastGood> lastGood, List<StoredGeneration> history) {

    /** A resource without a history. */
    public CatalogResource(Id id, long generation, JsonNode tree, Optional<LastGood> lastGood) {
        this(id, generation, tree, lastGood, List.of());
    }

    /** A resource without a status. */
    public CatalogResource(Id id, long generation, JsonNode tree) {
        this(id, generation, tree, Optional.empty());
    }

    /** The two kinds of resources. */
    public enum Kind {
        PROFILE(ProfileReader.KIND, "injectionprofiles"),
        POLICY(PolicyReader.KIND, "injectionpolicies");

        private final String word;
        private final String plural;

        Kind(String word, String plural) {
            this.word = word;
            this.plural = plural;
        }

        /** The value of {@code kind}. */
        public String word() {
            return word;
        }

        /** The name in paths of the API server. */
        public String plural() {
            return plural;
        }

        public static Optional<Kind> ofPlural(String plural) {
            return Arrays.stream(values())
                    .filter(kind -> kind.plural.equals(plural))
                    .findFirst();
        }
    }

    /** Kind and name of a resource. Profiles are first in the order. */
    public record Id(Kind kind, String name) implements Comparable<Id> {

        private static final Comparator<Id> ORDER =
                Comparator.comparing(Id::kind).thenComparing(Id::name);

        @Override
        public int compareTo(Id other) {
            return ORDER.compare(this, other);
        }

        /** As kubectl prints it, for example {@code injectionprofile/logging}. */
        @Override
        public String toString() {
            return kind.word().toLowerCase(Locale.ROOT) + "/" + name;
        }
    }

    /** The API group of both kinds. */
    public static final String GROUP = "pillion.dev";

    /** The API version of both kinds. */
    public static final String VERSION = "v1alpha1";

    /**
     * Reads an object. Of its annotations, only exceptions from lint rules are kept.
     *
     * @param object as the API server sends it
     */
    public static CatalogResource of(Kind kind, JsonNode object) {
        JsonNode metadata = object.path("metadata");
        ObjectNode tree = JsonNodeFactory.instance.objectNode();
        tree.put("apiVersion", Header.API_VERSION).put("kind", kind.word());
        ObjectNode kept = tree.putObject("metadata");
        kept.set("name", metadata.path("name"));
        for (Map.Entry<String, JsonNode> annotation :
                metadata.path("annotations").properties()) {
            if (annotation.getKey().startsWith(LintRule.ANNOTATION_PREFIX)) {
                kept.withObject("annotations").set(annotation.getKey(), annotation.getValue());
            }
        }
        if (object.has("spec")) {
            tree.set("spec", object.path("spec"));
        }
        return new CatalogResource(
                new Id(kind, metadata.path("name").asText()),
                metadata.path("generation").asLong(),
                tree,
                LastGood.in(object.path("status")),
                kind == Kind.PROFILE ? StoredGeneration.in(object.path("status")) : List.of());
    }

    /**
     * Whether the catalog changes if this replaces an earlier state of the resource. The last good version counts only if it differs from the
     * present one, so that a change of the status does not cause another one.
     */
    public boolean differsFrom(CatalogResource earlier) {
        return generation != earlier.generation
                || !tree.equals(earlier.tree)
                || !history.equals(earlier.history)
                || (!lastGood.equals(earlier.lastGood)
                        && lastGoodTree().filter(good -> !good.equals(tree)).isPresent());
    }

    /** The last good version as a user writes it. */
    Optional<JsonNode> lastGoodTree() {
        return lastGood.flatMap(good -> good.replacing(tree));
    }

    /** A source without lines: the API server does not store them. */
    public Source source() {
        return source(tree);
    }

    public Source source(JsonNode version) {
        return new Source(id.toString(), new Document(version, Map.of()));
    }
}
