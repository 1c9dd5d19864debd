package dev.pillion.injection;

import static dev.pillion.injection.Trial.yaml;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.injection.reason.Annotations;
import dev.pillion.injection.reason.Reason;
import dev.pillion.injection.reason.ReasonCode;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A Pod whose status cannot be read, and which has a container with the name of a companion. */
class UnreadableStatusTest {

    @ParameterizedTest
    @CsvSource({
        "proxy-cache, squid:6",
        // The app can use the companion's image, too.
        "proxy-cache, envoyproxy/envoy:v1.36.2",
        "proxy, squid:6",
        "log-tailer, fluentd:1",
        "log-tailer-audit, busybox:1.37"
    })
    void aContainerWithOnlyTheNameOfACompanionIsTheApps(String name, String image) {
        Trial.Result result = pod("env", "{name: %s, image: '%s', command: [own]}".formatted(name, image))
                .injected();

        assertThat(result.warnings())
                .containsExactly(
                        "container " + name
                                + " has the name of a companion, but another image or command, so Pillion treats the container as one of the app; annotation pillion.dev/status cannot be read");
        assertThat(result.container(name).at("/env/0/name").asText()).isEqualTo("OWN");
    }

    @ParameterizedTest
    @ValueSource(strings = {"logging", "audit.logging", "proxy", "cache.proxy"})
    void aCompanionThatIsNoLongerRequestedIsADenial(String profile) {
        Trial.Result injected = Trial.of("""
                        metadata: {name: web, annotations: {pillion.dev/inject: %s}}
                        spec: {containers: [{name: web, image: nginx, ports: [{containerPort: 80}]}]}
                        """.formatted(profile)).injected();
        ObjectNode pod = injected.pod().deepCopy();
        ObjectNode annotations = pod.withObject("/metadata/annotations");
        // Only the container shows which profile was injected.
        annotations.remove(Stream.of("0", "1", "2")
                .flatMap(index -> Stream.of("proxy", "proxy-cache")
                        .map(companion -> Annotations.FILE_PREFIX + companion + "." + index))
                .toList());
        annotations
                .put(Annotations.STATUS, "{oops")
                .put("pillion.dev/inject", "env")
                .put("env.pillion.dev/variables", "OWN=1");
        ArrayNode volumes = pod.withArray("/spec/volumes");
        while (!volumes.isEmpty() && volumes.get(0).has("emptyDir")) {
            volumes.remove(0);
        }

        Reason denied = injected.trial().again(pod).denied();

        assertThat(denied.code()).isEqualTo(ReasonCode.CHANGED_REQUEST);
        assertThat(denied.message())
                .startsWith("annotation pillion.dev/status cannot be read:")
                .containsPattern(
                        "(container (proxy|log-tailer)(-cache|-audit)?|volume pillion-files-[a-z-]+) seems to be injected");
    }

    @Test
    void aContainerThatThePodRequestsNeedsNoWarning() {
        Trial.Result injected = pod("logging", "{name: other, image: other}").injected();
        ObjectNode pod = injected.pod().deepCopy();
        pod.withObject("/metadata/annotations").put(Annotations.STATUS, "{oops");

        Trial again = injected.trial().again(pod);

        assertThat(again.unchanged().reason().code()).isEqualTo(ReasonCode.ALREADY_INJECTED);
        assertThat(again.unchanged().plan().warnings()).isEmpty();
    }

    private static Trial pod(String profile, String container) {
        ObjectNode pod = (ObjectNode) yaml("""
                metadata:
                  name: web
                  annotations: {pillion.dev/inject: %s, pillion.dev/status: "{oops"}
                spec: {containers: [{name: web, image: nginx}]}
                """.formatted(profile));
        if (profile.equals("env")) {
            pod.withObject("/metadata/annotations").put("env.pillion.dev/variables", "OWN=1");
        }
        pod.withArray("/spec/containers").add(yaml(container));
        return Trial.of(pod);
    }
}
