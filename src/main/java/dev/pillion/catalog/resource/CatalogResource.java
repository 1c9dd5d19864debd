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
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A profile or a policy as the API server has it.
 *
 * @param generation the API server's count of how often its {@code spec} was changed
 * @param tree what a file of it would hold: what the API server writes into an object is not the user's, and is not in here
 * @param lastGood the version that compiled last, as Pillion has written it into the status
 */
public record CatalogResource(Id id, long generation, JsonNode tree, Optional<LastGood> lastGood) {

    /** A resource whose status says nothing. */
    public CatalogResource(Id id, long generation, JsonNode tree) {
        this(id, generation, tree, Optional.empty());
    }

    /** The two kinds that there are. */
    public enum Kind {
        PROFILE(ProfileReader.KIND, "injectionprofiles"),
        POLICY(PolicyReader.KIND, "injectionpolicies");

        private final String word;
        private final String plural;

        Kind(String word, String plural) {
            this.word = word;
            this.plural = plural;
        }

        /** As {@code kind} has it. */
        public String word() {
            return word;
        }

        /** As the API server's paths have it. */
        public String plural() {
            return plural;
        }

        public static Optional<Kind> ofPlural(String plural) {
            return Arrays.stream(values())
                    .filter(kind -> kind.plural.equals(plural))
                    .findFirst();
        }
    }

    /** By which one is known. Ordered, profiles first. */
    public record Id(Kind kind, String name) implements Comparable<Id> {

        private static final Comparator<Id> ORDER =
                Comparator.comparing(Id::kind).thenComparing(Id::name);

        @Override
        public int compareTo(Id other) {
            return ORDER.compare(this, other);
        }

        /** As kubectl writes it, for example {@code injectionprofile/logging}. */
        @Override
        public String toString() {
            return kind.word().toLowerCase(Locale.ROOT) + "/" + name;
        }
    }

    /** The group that both kinds are of. */
    public static final String GROUP = "pillion.dev";

    /** The version that Pillion speaks. */
    public static final String VERSION = "v1alpha1";

    /**
     * What is Pillion's of an object. Of its annotations those are kept that except it from a lint.
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
                LastGood.in(object.path("status")));
    }

    /**
     * Whether this makes another catalog than an earlier state of the same resource. Its last good version counts only while it is not
     * the present one, so that writing the status does not start a new round.
     */
    public boolean differsFrom(CatalogResource earlier) {
        return generation != earlier.generation
                || !tree.equals(earlier.tree)
                || (!lastGood.equals(earlier.lastGood)
                        && lastGoodTree().filter(good -> !good.equals(tree)).isPresent());
    }

    /** What a file of the last good version would hold. */
    Optional<JsonNode> lastGoodTree() {
        return lastGood.flatMap(good -> good.replacing(tree));
    }

    /** Its lines are not known any more: the API server keeps none. */
    public Source source() {
        return source(tree);
    }

    public Source source(JsonNode version) {
        return new Source(id.toString(), new Document(version, Map.of()));
    }
}
