package dev.pillion.injection.select;

import static dev.pillion.injection.Trial.annotated;
import static dev.pillion.injection.Trial.policy;
import static dev.pillion.injection.Trial.profile;
import static dev.pillion.injection.Trial.yaml;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pillion.injection.Decision.Denied;
import dev.pillion.injection.Trial;
import dev.pillion.injection.Trial.Result;
import dev.pillion.injection.reason.Reason;
import dev.pillion.injection.reason.ReasonCode;
import org.junit.jupiter.api.Test;

/** {@code <profile>.pillion.dev/containers} selects the app's containers for one profile. */
class ContainersAnnotationTest {

    private static final String TWO = """
            spec: {containers: [{name: web, image: a}, {name: worker, image: b, ports: [{containerPort: 9000}]}]}
            """;
    private static final String ALL_LOG = policy(
            "all-log", "mode: Enforce\nmatch: {}\nprofiles: [{name: logging, parameters: {path: /var/log/app}}]");

    private static Trial pod(String annotations) {
        return Trial.of("metadata: {annotations: {" + annotations + "}}\n" + TWO);
    }

    @Test
    void getTheAdditionsOfTheProfile() {
        Result result =
                pod("pillion.dev/inject: 'logging,env', env.pillion.dev/variables: A=1, logging.pillion.dev/containers: worker")
                        .injected();

        assertThat(result.container("web").has("volumeMounts")).isFalse();
        assertThat(result.container("worker").at("/volumeMounts/0/mountPath").asText())
                .isEqualTo("/var/log/app");
        assertThat(result.container("web").path("env"))
                .isEqualTo(result.container("worker").path("env"));
        assertThat(result.again().unchanged().reason().code()).isEqualTo(ReasonCode.ALREADY_INJECTED);
        assertThat(result.again().uninjected())
                .isEqualTo(yaml("metadata: {annotations: {pillion.dev/inject: 'logging,env',"
                        + " env.pillion.dev/variables: A=1, logging.pillion.dev/containers: worker}}\n" + TWO));
    }

    @Test
    void overrideTheSelectionForAllProfiles() {
        Result result =
                pod("pillion.dev/inject: 'logging,env', env.pillion.dev/variables: A=1, pillion.dev/containers: web,"
                                + " env.pillion.dev/containers: worker")
                        .injected();

        assertThat(result.container("web").path("volumeMounts")).hasSize(1);
        assertThat(result.container("web").has("env")).isFalse();
        assertThat(result.container("worker").has("volumeMounts")).isFalse();
        assertThat(result.container("worker").at("/env/0/name").asText()).isEqualTo("A");
    }

    @Test
    void defineTheAppOfTheProfile() {
        Result result = pod("pillion.dev/inject: proxy, proxy.pillion.dev/containers: worker")
                .injected();

        assertThat(result.pod().toString()).contains("9000");
    }

    @Test
    void shareOneVolumeWithThoseOfAnotherProfile() {
        String reader = """
                sidecars: [{name: %s, image: "busybox:1.37"}]
                sharedDirectories: [{path: /data, readers: [%s]}]
                """;
        Result result =
                pod("pillion.dev/inject: 'one,two', one.pillion.dev/containers: web, two.pillion.dev/containers: worker")
                        .withProfiles(
                                profile("one", reader.formatted("one", "one")),
                                profile("two", reader.formatted("two", "two")))
                        .injected();

        for (String container : new String[] {"web", "worker", "one", "two"}) {
            assertThat(result.container(container).at("/volumeMounts/0/name").asText())
                    .as(container)
                    .isEqualTo("pillion-data");
        }
        assertThat(result.names("volumes")).containsExactly("pillion-data");
    }

    @Test
    void canHaveTheirOwnVolumesAtTheSameDirectory() {
        String reader = """
                sidecars: [{name: %s, image: "busybox:1.37"}]
                sharedDirectories: [{path: /data, readers: [%s]}]
                """;
        Result result = Trial.of("""
                        metadata: {annotations: {pillion.dev/inject: 'one,two', one.pillion.dev/containers: web, two.pillion.dev/containers: worker}}
                        spec:
                          containers:
                            - {name: web, volumeMounts: [{name: a, mountPath: /data}]}
                            - {name: worker, volumeMounts: [{name: b, mountPath: /data}]}
                          volumes: [{name: a, emptyDir: {}}, {name: b, emptyDir: {}}]
                        """)
                .withProfiles(
                        profile("one", reader.formatted("one", "one")), profile("two", reader.formatted("two", "two")))
                .injected();

        assertThat(result.container("one").at("/volumeMounts/0/name").asText()).isEqualTo("a");
        assertThat(result.container("two").at("/volumeMounts/0/name").asText()).isEqualTo("b");
        assertThat(result.plan().warnings()).isEmpty();
    }

    @Test
    void mustExist() {
        assertThat(annotated("pillion.dev/inject: logging", "logging.pillion.dev/containers: wbe")
                        .denied())
                .isEqualTo(
                        new Reason(
                                ReasonCode.UNKNOWN_CONTAINER,
                                "annotation logging.pillion.dev/containers: the Pod has no container 'wbe'; did you mean 'web'?"));
    }

    @Test
    void getASuggestionForAMisspeltAnnotation() {
        assertThat(annotated("pillion.dev/inject: logging", "logging.pillion.dev/container: web")
                        .denied()
                        .message())
                .isEqualTo(
                        "annotation logging.pillion.dev/container: profile 'logging' has no parameter 'container'; did you mean"
                                + " 'containers'?");
    }

    @Test
    void haveNoEffectForAProfileThatIsNotRequested() {
        assertThat(annotated(
                                "pillion.dev/inject: env",
                                "env.pillion.dev/variables: A=1",
                                "logging.pillion.dev/containers: web")
                        .injected()
                        .plan()
                        .warnings())
                .extracting(Reason::message)
                .containsExactly(
                        "annotation logging.pillion.dev/containers has no effect: nothing requests profile 'logging'; add"
                                + " pillion.dev/inject: logging");
    }

    @Test
    void cannotExcludeAContainerFromAnEnforcedProfile() {
        Trial trial = pod("logging.pillion.dev/containers: web").withPolicies(ALL_LOG);

        Result result = trial.injected();

        assertThat(result.container("web").path("volumeMounts")).hasSize(1);
        assertThat(result.container("worker").path("volumeMounts")).hasSize(1);
        assertThat(result.plan().warnings())
                .extracting(Reason::message)
                .contains(
                        "annotation logging.pillion.dev/containers has no effect, because policy all-log enforces the profile in"
                                + " all containers of the app");
        assertThat(result.again().missing()).isEmpty();
        var without = result.pod().deepCopy();
        ((com.fasterxml.jackson.databind.node.ObjectNode) without.at("/spec/containers/1")).remove("volumeMounts");
        assertThat(result.trial().again(without).missing())
                .extracting(Reason::message)
                .anyMatch(message -> message.contains("container worker"));
    }

    @Test
    void canBeSelectedForAnotherProfileBesideAnEnforcedOne() {
        Result result =
                pod("pillion.dev/inject: env, env.pillion.dev/variables: A=1, env.pillion.dev/containers: worker")
                        .withPolicies(ALL_LOG)
                        .injected();

        assertThat(result.container("web").path("volumeMounts")).hasSize(1);
        assertThat(result.container("web").has("env")).isFalse();
        assertThat(result.container("worker").at("/env/0/name").asText()).isEqualTo("A");
        assertThat(result.again().missing()).isEmpty();
    }

    @Test
    void areAllForAnEmptyValue() {
        assertThat(pod("pillion.dev/inject: logging, logging.pillion.dev/containers: ' '")
                        .injected()
                        .container("web")
                        .path("volumeMounts"))
                .hasSize(1);
    }

    @Test
    void areNotCheckedForAnUnknownProfile() {
        assertThat(annotated("pillion.dev/inject: logging", "loging.pillion.dev/containers: web")
                        .decide())
                .isInstanceOf(Denied.class);
    }
}
