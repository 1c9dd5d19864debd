package dev.pillion.cli.doctor.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.yaml.Document;
import dev.pillion.yaml.YamlException;
import dev.pillion.yaml.YamlReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** The manifests of {@code deploy/} that the build adds to the command line. */
final class ShippedManifests {

    private static final String WEBHOOKS = "base/webhooks.yaml";
    private static final String RBAC = "base/rbac.yaml";
    private static final String WORKLOAD = "base/workload.yaml";
    private static final String SELF_MANAGED = "overlays/self-managed/rbac.yaml";
    private static final List<String> CRDS =
            List.of("crds/injectionprofiles.pillion.dev-v1.yml", "crds/injectionpolicies.pillion.dev-v1.yml");

    private ShippedManifests() {}

    static List<JsonNode> crds() {
        return CRDS.stream().flatMap(ShippedManifests::read).toList();
    }

    static JsonNode mutatingWebhooks() {
        return ofKind(read(WEBHOOKS), Resource.MUTATING_WEBHOOKS);
    }

    static JsonNode validatingWebhooks() {
        return ofKind(read(WEBHOOKS), Resource.VALIDATING_WEBHOOKS);
    }

    static ObjectNode deployment() {
        return (ObjectNode) ofKind(read(WORKLOAD), Resource.DEPLOYMENT);
    }

    /** @param selfManaged whether Pillion manages its certificate, for which it has further rights */
    static List<JsonNode> rbac(boolean selfManaged) {
        return (selfManaged ? Stream.of(RBAC, SELF_MANAGED) : Stream.of(RBAC))
                .flatMap(ShippedManifests::read)
                .toList();
    }

    /** All objects of the overlay {@code self-managed}. */
    static List<JsonNode> all() {
        List<JsonNode> all = new ArrayList<>(rbac(true));
        all.addAll(crds());
        Stream.of("base/namespace.yaml", WEBHOOKS, WORKLOAD, "base/network-policy.yaml", "base/disruption-budget.yaml")
                .flatMap(ShippedManifests::read)
                .forEach(all::add);
        return all;
    }

    private static JsonNode ofKind(Stream<JsonNode> objects, Resource resource) {
        return objects.filter(each -> each.path("kind").asText().equals(resource.kind()))
                .findFirst()
                .orElseThrow();
    }

    private static Stream<JsonNode> read(String file) {
        try (InputStream text = Objects.requireNonNull(
                ShippedManifests.class.getResourceAsStream("deploy/" + file), () -> "deploy/" + file)) {
            return YamlReader.read(new String(text.readAllBytes(), StandardCharsets.UTF_8)).stream()
                    .map(Document::tree);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (YamlException e) {
            throw new IllegalStateException("deploy/" + file + " was valid when it was built", e);
        }
    }
}
