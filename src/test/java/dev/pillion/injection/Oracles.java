package dev.pillion.injection;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.AnnotatedMember;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.catalog.Catalog;
import dev.pillion.injection.Decision.Injected;
import dev.pillion.injection.Decision.Unchanged;
import dev.pillion.injection.plan.AppendedText;
import dev.pillion.injection.plan.Plan;
import dev.pillion.injection.plan.Status;
import dev.pillion.injection.reason.Annotations;
import dev.pillion.injection.reason.ReasonCode;
import dev.pillion.injection.uninject.Uninjection;
import dev.pillion.injection.uninject.Uninjector;
import dev.pillion.patch.Patch;
import dev.pillion.pod.Namespace;
import dev.pillion.pod.Pod;
import dev.pillion.pod.VolumeUsers;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.io.StringReader;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What must hold of every decision: the patch applies by an implementation that is not ours; a second pass changes nothing;
 * uninjecting gives the input back; the result is a Pod by Kubernetes' model, and whatever was there is there still.
 */
public final class Oracles {

    private static final JsonMapper JSON = JsonMapper.builder()
            .nodeFactory(JsonNodeFactory.withExactBigDecimals(true))
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();
    private static final ObjectMapper STRICT = JsonMapper.builder()
            .annotationIntrospector(new WithoutAnySetter())
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();
    private static final Set<String> REWRITTEN = Set.of(Annotations.STATUS, Annotations.SAFE_TO_EVICT);

    private Oracles() {}

    /** Decides, and holds the decision against the oracles; gives the Pod as it comes out, or nothing when it is denied. */
    public static Optional<Pod> hold(Injector injector, Pod pod, Catalog catalog) throws Exception {
        Namespace namespace = Namespace.named("shop");
        String written = pod.tree().toString();
        JsonNode before = JSON.readTree(written);
        Decision decision = injector.decide(pod, namespace, catalog);

        assertThat(pod.tree()).as("deciding changes nothing").hasToString(written);
        return switch (decision) {
            case Injected(Plan plan, Patch patch) -> {
                Pod injected = Pod.of(apply(patch, before));
                assertThat(injector.decide(injected, namespace, catalog))
                        .as("a second pass over %s", injected.tree())
                        .isInstanceOfSatisfying(Unchanged.class, unchanged -> assertThat(
                                        unchanged.reason().code())
                                .isIn(expectedOfASecondPass(injected)));
                assertRestored(before, injected, catalog);
                assertContained(before, withoutAppendedTexts(injected), "");
                if (parsesStrictly(before)) {
                    assertThat(parsesStrictly(injected.tree()))
                            .as("strictly a Pod: %s", injected.tree())
                            .isTrue();
                }
                yield Optional.of(injected);
            }
            case Unchanged unchanged -> {
                assertThat(unchanged.reason().message()).isNotBlank();
                yield Optional.of(pod);
            }
            case Decision.Denied denied -> {
                assertThat(denied.reason().message()).isNotBlank();
                yield Optional.empty();
            }
        };
    }

    /** A first pass that removes all that an earlier request added leaves nothing injected, and no status. */
    private static Set<ReasonCode> expectedOfASecondPass(Pod injected) {
        return injected.annotations().containsKey(Annotations.STATUS)
                ? Set.of(ReasonCode.ALREADY_INJECTED)
                : Set.of(ReasonCode.NOT_REQUESTED, ReasonCode.OPTED_OUT);
    }

    private static void assertRestored(JsonNode before, Pod injected, Catalog catalog) throws Exception {
        Uninjection undone = Uninjector.uninject(injected, catalog);
        assertThat(apply(undone.patch(), injected.tree())).as("by its patch").isEqualTo(undone.pod());
        // A mount of a volume that the Pod does not have, which no API server takes, looks like one that was added
        // later.
        VolumeUsers users = VolumeUsers.in(before.path("spec"));
        List<String> mounted = before.path("spec").path("volumes").isArray()
                ? before.path("spec").path("volumes").findValuesAsText("name")
                : List.of();
        if (undone.kept().stream()
                        .allMatch(kept -> kept.addition().startsWith("volume ")
                                && !mounted.contains(kept.addition().substring("volume ".length()))
                                && users.of(kept.addition().substring("volume ".length()))
                                        .isPresent())
                && !undone.isComplete()) {
            return;
        }
        assertThat(undone.kept()).as("kept of %s", injected.tree()).isEmpty();
        assertThat(undone.pod()).as("uninjected").isEqualTo(withoutStatus(before));
    }

    /** Applies a patch by Jakarta JSON Processing. */
    public static JsonNode apply(Patch patch, JsonNode document) throws Exception {
        JsonObject target = (JsonObject) read(document.toString());
        JsonValue operations = read(patch.toJson().toString());
        return JSON.readTree(
                Json.createPatch(operations.asJsonArray()).apply(target).toString());
    }

    private static JsonValue read(String json) {
        try (var reader = Json.createReader(new StringReader(json))) {
            return reader.readValue();
        }
    }

    /** A status that was there before is Pillion's own, and not given back. */
    private static JsonNode withoutStatus(JsonNode pod) {
        ObjectNode copy = pod.deepCopy();
        if (copy.path("metadata").path("annotations") instanceof ObjectNode annotations) {
            annotations.remove(Annotations.STATUS);
        }
        return copy;
    }

    /** The Pod with the app's own values of the variables to which texts were appended. */
    private static JsonNode withoutAppendedTexts(Pod pod) throws Exception {
        JsonNode copy = pod.tree().deepCopy();
        Status status = Status.of(pod);
        // Only defaults of the API server and a shorter grace period are replaced.
        status.podFields().forEach((pointer, record) -> {
            if (record.has("before")) {
                assertThat(pointer)
                        .isIn(
                                "/spec/terminationGracePeriodSeconds",
                                "/spec/serviceAccountName",
                                "/spec/serviceAccount",
                                "/spec/priorityClassName",
                                "/spec/priority",
                                "/spec/preemptionPolicy");
                ((ObjectNode) copy.path("spec")).set(pointer.substring("/spec/".length()), record.get("before"));
            }
        });
        Pod.of(copy).allContainers().forEach(container -> status.appended()
                .getOrDefault(container.name(), Map.of())
                .forEach((name, texts) -> {
                    for (JsonNode variable : container.tree().path("env")) {
                        if (variable.path("name").asText().equals(name) && variable.hasNonNull("value")) {
                            String value = variable.path("value").asText();
                            for (AppendedText text : texts.reversed()) {
                                value = text.removedFrom(value);
                            }
                            ((ObjectNode) variable).put("value", value);
                        }
                    }
                }));
        return copy;
    }

    private static void assertContained(JsonNode part, JsonNode whole, String path) {
        switch (part.getNodeType()) {
            case OBJECT -> {
                for (Map.Entry<String, JsonNode> field : part.properties()) {
                    if (!REWRITTEN.contains(field.getKey())) {
                        assertContained(field.getValue(), whole.path(field.getKey()), path + "." + field.getKey());
                    }
                }
            }
            case ARRAY -> {
                int at = 0;
                for (JsonNode element : part) {
                    while (at < whole.size() && !isContained(element, whole.get(at))) {
                        at++;
                    }
                    assertThat(at)
                            .as("%s still holds %s, in order", path, element)
                            .isLessThan(whole.size());
                    at++;
                }
            }
            case NULL -> {}
            default -> assertThat(whole).as(path).isEqualTo(part);
        }
    }

    private static boolean isContained(JsonNode part, JsonNode whole) {
        try {
            assertContained(part, whole, "");
            return true;
        } catch (AssertionError e) {
            return false;
        }
    }

    private static boolean parsesStrictly(JsonNode pod) {
        try {
            STRICT.treeToValue(pod, io.fabric8.kubernetes.api.model.Pod.class);
            return true;
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            return false;
        }
    }

    /** Jackson's view of fabric8's model without the maps in which it keeps what it does not know. */
    private static final class WithoutAnySetter extends JacksonAnnotationIntrospector {

        private static final long serialVersionUID = 1;

        @Override
        public Boolean hasAnySetter(com.fasterxml.jackson.databind.introspect.Annotated annotated) {
            return annotated instanceof AnnotatedMember ? Boolean.FALSE : super.hasAnySetter(annotated);
        }
    }
}
