package dev.pillion.admission;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.catalog.Catalog;
import dev.pillion.catalog.compile.CatalogReader;
import dev.pillion.fuzz.Choices;
import dev.pillion.fuzz.MutatedPod;
import dev.pillion.injection.Injector;
import dev.pillion.injection.Oracles;
import dev.pillion.injection.settings.InjectionSettings;
import dev.pillion.pod.MalformedPodException;
import dev.pillion.pod.Namespace;
import dev.pillion.pod.Pod;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Any Pod gets a response, and the decision passes {@link Oracles}. An input that begins with an opening brace is a Pod as JSON. Any other
 * input determines the changes of a {@link MutatedPod}.
 */
public final class DecisionFuzz {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final List<Catalog> CATALOGS = List.of(catalog("examples/profiles"), catalog("examples/platform"));

    private DecisionFuzz() {}

    public static void test(byte[] input) throws Exception {
        if (input.length > 0 && input[0] == '{') {
            Optional<JsonNode> pod = json(input);
            if (pod.isPresent()) {
                for (Catalog catalog : CATALOGS) {
                    check(pod.get(), catalog, true);
                    check(pod.get(), catalog, false);
                }
            }
            return;
        }
        Choices choices = new Choices(input);
        Catalog catalog = choices.pick(CATALOGS);
        boolean nativeSidecars = choices.below(2) == 0;
        check(MutatedPod.of(choices), catalog, nativeSidecars);
    }

    private static void check(JsonNode tree, Catalog catalog, boolean nativeSidecars) throws Exception {
        Injector injector = new Injector(InjectionSettings.defaults().withNativeSidecars(nativeSidecars));
        try {
            checkResponse(tree, injector, catalog);
            Oracles.check(injector, Pod.of(tree), catalog);
        } catch (MalformedPodException e) {
            assertThat(e.getMessage()).isNotBlank();
        } catch (AssertionError | RuntimeException | StackOverflowError e) {
            throw new AssertionError((nativeSidecars ? "" : "with plain sidecars, ") + "of the Pod " + tree, e);
        }
    }

    private static void checkResponse(JsonNode pod, Injector injector, Catalog catalog) throws Exception {
        MutatingWebhook webhook =
                new MutatingWebhook(DecisionSnapshot.current(() -> injector, () -> catalog, Namespace::named));
        AdmissionRequest request = read(pod);
        ReviewResponse answer = ReviewResponse.read(
                        ReviewWriter.write(webhook.review(request).response()))
                .wellFormed("u");
        if (answer.hasPatch()) {
            assertThat(answer.patched(request.object())).isNotEqualTo(request.object());
        }
        ValidatingWebhook validating =
                new ValidatingWebhook(DecisionSnapshot.current(() -> injector, () -> catalog, Namespace::named));
        ReviewResponse.read(ReviewWriter.write(validating.review(request).response()))
                .wellFormed("u");
    }

    private static AdmissionRequest read(JsonNode pod) throws Exception {
        ObjectNode review = JsonNodeFactory.instance
                .objectNode()
                .put("apiVersion", ReviewReader.API_VERSION)
                .put("kind", ReviewReader.KIND);
        ObjectNode request = review.putObject("request")
                .put("uid", "u")
                .put("operation", "CREATE")
                .put("namespace", "shop");
        request.putObject("resource").put("group", "").put("version", "v1").put("resource", "pods");
        request.set("object", pod);
        return ReviewReader.read(JSON.writeValueAsBytes(review));
    }

    private static Optional<JsonNode> json(byte[] input) {
        try {
            return Optional.of(JSON.readTree(input));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Catalog catalog(String directory) {
        try {
            return CatalogReader.read(Path.of(directory));
        } catch (Exception e) {
            throw new IllegalStateException(directory, e);
        }
    }
}
