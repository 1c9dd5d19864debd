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
 * Properties of every decision: another implementation can apply the patch; a second pass changes nothing; uninjecting restores the input;
 * the result is a Pod in the model of Kubernetes, and contains everything that the input contains.
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

    /** Decides on the Pod and checks the decision. Returns the resulting Pod; empty if it is denied. */
    public static Optional<Pod> check(Injector injector, Pod pod, Catalog catalog) throws Exception {
        Namespace namespace = Namespace.named("shop");
        String written = pod.tree().toString();
        JsonNode before = JSON.readTree(written);
        Decision decision = injector.decide(pod, namespace, catalog);

        assertThat(pod.tree()).as("the decision does not change the Pod").hasToString(written);
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
                            .as("strict parse of %s", injected.tree())
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

    /** The Pod has no status if the first pass only removed earlier additions. */
    private static Set<ReasonCode> expectedOfASecondPass(Pod injected) {
        return injected.annotations().containsKey(Annotations.STATUS)
                ? Set.of(ReasonCode.ALREADY_INJECTED)
                : Set.of(ReasonCode.NOT_REQUESTED, ReasonCode.OPTED_OUT);
    }

    private static void assertRestored(JsonNode before, Pod injected, Catalog catalog) throws Exception {
        Uninjection undone = Uninjector.uninject(injected, catalog);
        assertThat(apply(undone.patch(), injected.tree()))
                .as("the Pod after the patch")
                .isEqualTo(undone.pod());
        // A mount without its volume, which an API server would reject, looks like a later addition.
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
        assertThat(undone.kept()).as("kept in %s", injected.tree()).isEmpty();
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

    /** An earlier status is not restored. */
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
                    assertThat(at).as("%s contains %s, in order", path, element).isLessThan(whole.size());
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

    /** Turns off the maps in which fabric8's model stores unknown fields. */
    private static final class WithoutAnySetter extends JacksonAnnotationIntrospector {

        private static final long serialVersionUID = 1;

        @Override
        public Boolean hasAnySetter(com.fasterxml.jackson.databind.introspect.Annotated annotated) {
            return annotated instanceof AnnotatedMember ? Boolean.FALSE : super.hasAnySetter(annotated);
        }
    }
}
