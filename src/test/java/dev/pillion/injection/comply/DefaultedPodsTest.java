package dev.pillion.injection.comply;

import static dev.pillion.injection.Trial.policy;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.catalog.ContainerTemplate;
import dev.pillion.catalog.Profile;
import dev.pillion.catalog.compile.CatalogReader;
import dev.pillion.injection.BuiltInArgumentsTest;
import dev.pillion.injection.Podcheck;
import dev.pillion.injection.Trial;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A Pod that the mutating webhook injected, and that Kubernetes then defaulted and gave the ServiceAccount's token, has all that a policy
 * enforces. The Pods are files that Kubernetes 1.36 created. After a change of a profile they are created again:
 * {@code ./mvnw test -Dtest=DefaultedPodsTest -Dpodcheck=$(e2e/podcheck/build) -Dupdate=true}.
 */
public class DefaultedPodsTest {

    private static final Path FILES = Path.of("src/test/resources/defaulted");
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** A Pod with fields of every kind for which Kubernetes sets defaults. */
    public static final String POD = """
            apiVersion: v1
            kind: Pod
            metadata:
              generateName: web-
              namespace: shop
              labels: {app: web}
            spec:
              initContainers:
                - {name: prepare, image: busybox:1.37, command: ["true"]}
              containers:
                - name: web
                  image: nginx
                  ports: [{containerPort: 8080}]
                  env:
                    - {name: POD_NAME, valueFrom: {fieldRef: {fieldPath: metadata.name}}}
                  readinessProbe: {httpGet: {port: 8080}}
                  volumeMounts: [{name: data, mountPath: /data}]
                - {name: worker, image: "worker:1"}
              volumes:
                - {name: data, persistentVolumeClaim: {claimName: data}}
                - {name: settings, configMap: {name: settings}}
            """;

    /** A profile under a policy that enforces it. */
    public record Case(String profile, boolean nativeSidecars) {

        public Trial trial(JsonNode pod) {
            return trial(pod, "");
        }

        /** @param definition replaces the built-in profile, unless it is empty */
        public Trial trial(JsonNode pod, String definition) {
            Trial trial = Trial.of(pod)
                    .withPolicies(policy("all", "mode: Enforce\nmatch: {}\nprofiles: [" + grant() + "]\n"), definition);
            return nativeSidecars ? trial : trial.withPlainSidecars();
        }

        /** The profile with the parameters that it requires. */
        private JsonNode grant() {
            ObjectNode grant = JsonNodeFactory.instance.objectNode().put("name", profile);
            ObjectNode parameters = grant.putObject("parameters");
            BuiltInArgumentsTest.REQUIRED.forEach((place, value) -> {
                if (place.startsWith(profile + "/")) {
                    parameters.put(place.substring(profile.length() + 1), value);
                }
            });
            return grant;
        }

        Path file() {
            return FILES.resolve(this + ".json");
        }

        @Override
        public String toString() {
            return profile + (nativeSidecars ? "" : "-plain-sidecars");
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void complyWithThePolicy(Case each) throws Exception {
        assertThat(each.trial(stored(each)).missing()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("cases")
    @EnabledIfSystemProperty(named = Podcheck.PROPERTY, matches = ".+")
    void areTheResultOfKubernetesDefaulting(Case each) throws Exception {
        Podcheck podcheck = Podcheck.fromSystemProperty();
        JsonNode created = podcheck.validate(Trial.yaml(POD)).pod();

        Podcheck.Validation validation =
                podcheck.validate(each.trial(created).injected().pod());

        String text = JSON.writerWithDefaultPrettyPrinter().writeValueAsString(validation.pod()) + "\n";
        if (Boolean.getBoolean("update")) {
            Files.writeString(each.file(), text);
        }
        assertThat(validation.valid()).as("%s", validation).isTrue();
        assertThat(text).isEqualTo(Files.readString(each.file()));
    }

    /** The Pod as Kubernetes created it after the injection. */
    public static JsonNode stored(Case each) throws IOException {
        return JSON.readTree(Files.readString(each.file()));
    }

    /** Each built-in profile, and those with sidecars for clusters without native sidecars as well. */
    public static Stream<Case> cases() {
        return CatalogReader.builtIn().profiles().stream().flatMap(DefaultedPodsTest::cases);
    }

    private static Stream<Case> cases(Profile profile) {
        return profile.containers().stream().noneMatch(ContainerTemplate::isSidecar)
                ? Stream.of(new Case(profile.name(), true))
                : Stream.of(new Case(profile.name(), true), new Case(profile.name(), false));
    }
}
