package dev.pillion.injection.apply;

import static dev.pillion.injection.Trial.annotated;
import static dev.pillion.injection.Trial.profile;
import static dev.pillion.injection.Trial.yaml;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pillion.injection.Trial;
import dev.pillion.injection.reason.Reason;
import dev.pillion.injection.reason.ReasonCode;
import org.junit.jupiter.api.Test;

/** Additions to the containers of the app. They never overwrite fields of the app. */
class AppAdditionsTest {

    @Test
    void addTheEnvironmentToEveryContainer() {
        var result = Trial.of("""
                        metadata: {annotations: {pillion.dev/inject: env, env.pillion.dev/variables: "A=1, B=x=y"}}
                        spec: {containers: [{name: web}, {name: worker, env: [{name: C, value: c}]}, {name: daprd}]}
                        """).injected();

        assertThat(result.container("web").path("env"))
                .isEqualTo(yaml("[{name: A, value: '1'}, {name: B, value: x=y}]"));
        assertThat(result.container("worker").path("env"))
                .isEqualTo(yaml("[{name: C, value: c}, {name: A, value: '1'}, {name: B, value: x=y}]"));
        assertThat(result.container("daprd").has("env")).isFalse();
    }

    @Test
    void addTheEnvironmentToChosenContainersOnly() {
        var result = Trial.of("""
                        metadata:
                          annotations:
                            pillion.dev/inject: env
                            env.pillion.dev/variables: A=1
                            pillion.dev/containers: migrate , istio-proxy
                        spec:
                          initContainers: [{name: migrate}]
                          containers: [{name: web}, {name: istio-proxy}]
                        """).injected();

        assertThat(result.container("migrate").path("env")).hasSize(1);
        assertThat(result.container("istio-proxy").path("env")).hasSize(1);
        assertThat(result.container("web").has("env")).isFalse();
    }

    @Test
    void keepAVariableThatTheAppSetsWithAWarning() {
        var result = Trial.of("""
                        metadata: {annotations: {pillion.dev/inject: env, env.pillion.dev/variables: "LEVEL=debug, A=1"}}
                        spec: {containers: [{name: web, env: [{name: LEVEL, value: info}]}]}
                        """).injected();

        assertThat(result.container("web").path("env"))
                .isEqualTo(yaml("[{name: LEVEL, value: info}, {name: A, value: '1'}]"));
        assertThat(result.plan().warnings())
                .containsExactly(
                        new Reason(
                                ReasonCode.ENV_CONFLICT,
                                "annotation pillion.dev/inject requests profile 'env', but container web keeps its own value of LEVEL"));
    }

    @Test
    void keepAVariableWithTheSameValueWithoutAWarning() {
        var unchanged = Trial.of("""
                        metadata: {annotations: {pillion.dev/inject: env, env.pillion.dev/variables: "LEVEL=info"}}
                        spec: {containers: [{name: web, env: [{name: LEVEL, value: info}]}]}
                        """).unchanged();

        assertThat(unchanged.reason())
                .isEqualTo(new Reason(ReasonCode.ALREADY_INJECTED, "the Pod already has everything that it requests"));
        assertThat(unchanged.plan().warnings()).isEmpty();
    }

    @Test
    void addMissingSourcesOfVariables() {
        var result = Trial.of("""
                        metadata: {annotations: {pillion.dev/inject: settings}}
                        spec: {containers: [{name: web, envFrom: [{configMapRef: {name: common}}]}, {name: worker}]}
                        """).withProfiles(profile("settings", """
                        app:
                          envFrom:
                            - configMapRef: {name: common}
                            - secretRef: {name: shop, optional: true}
                        """)).injected();

        assertThat(result.container("web").path("envFrom"))
                .isEqualTo(yaml("[{configMapRef: {name: common}}, {secretRef: {name: shop, optional: true}}]"));
        assertThat(result.container("worker").path("envFrom")).hasSize(2);
        assertThat(result.status().at("/envFrom/web")).hasSize(1);
        assertThat(result.plan().profiles().getFirst().additions())
                .containsExactly(
                        "envFrom {\"secretRef\":{\"name\":\"shop\",\"optional\":true}} in web",
                        "envFrom {\"configMapRef\":{\"name\":\"common\"}} in worker",
                        "envFrom {\"secretRef\":{\"name\":\"shop\",\"optional\":true}} in worker");
    }

    @Test
    void mountAVolumeOfTheProfile() {
        var result = annotated("pillion.dev/inject: certificates")
                .withProfiles(CERTIFICATES)
                .injected();

        assertThat(result.container("web").path("volumeMounts"))
                .isEqualTo(yaml("[{name: ca, mountPath: /etc/ssl/ca, readOnly: true}]"));
        assertThat(result.volume("ca")).isEqualTo(yaml("{name: ca, configMap: {name: ca-bundle}}"));
    }

    @Test
    void keepAVolumeThatTheAppMountsWithAWarning() {
        var result = Trial.of("""
                        metadata: {annotations: {pillion.dev/inject: certificates}}
                        spec:
                          containers: [{name: web, volumeMounts: [{name: own, mountPath: /etc/ssl/ca/}]}]
                          volumes: [{name: own, secret: {secretName: own}}]
                        """).withProfiles(CERTIFICATES).injected();

        assertThat(result.container("web").path("volumeMounts")).hasSize(1);
        assertThat(result.plan().warnings())
                .containsExactly(
                        new Reason(
                                ReasonCode.MOUNT_CONFLICT,
                                "annotation pillion.dev/inject requests profile 'certificates', but container web keeps its own volume at /etc/ssl/ca"));
    }

    @Test
    void areAddedOnceForAnotherSpellingOfTheMountPath() {
        var result = annotated("pillion.dev/inject: certificates")
                .withProfiles(CERTIFICATES.replace("/etc/ssl/ca", "/etc/ssl/ca/"))
                .injected();

        assertThat(result.again().unchanged().reason().code()).isEqualTo(ReasonCode.ALREADY_INJECTED);
    }

    @Test
    void useTheFirstOfTwoProfilesThatSetAVariableWithAWarning() {
        var result = annotated("pillion.dev/inject: a, b")
                .withProfiles(
                        profile("a", "app: {env: [{name: LEVEL, value: info}]}"),
                        profile("b", "app: {env: [{name: LEVEL, value: debug}]}"))
                .injected();

        assertThat(result.container("web").path("env")).isEqualTo(yaml("[{name: LEVEL, value: info}]"));
        assertThat(result.warnings())
                .singleElement()
                .asString()
                .contains("LEVEL")
                .contains("b");
    }

    @Test
    void addTheEnvironmentToAContainerWithTheNameOfACompanion() {
        var result = Trial.of("""
                        metadata: {annotations: {pillion.dev/inject: sync}}
                        spec: {containers: [{name: web}, {name: sync-own}]}
                        """).withProfiles(profile("sync", """
                        parameters: [{name: places, type: list, default: [a, b]}]
                        sidecars: [{name: "sync-${place}", forEach: {place: "${params.places}"}, image: rclone}]
                        app: {env: [{name: SYNCED, value: "yes"}]}
                        """)).injected();

        assertThat(result.container("sync-own").path("env")).hasSize(1);
    }

    /** Every Pod has at least one app container, with any name. */
    @Test
    void areMadeToTheOnlyContainerWithTheNameOfAKnownSidecar() {
        var result = Trial.of("""
                        metadata: {annotations: {pillion.dev/inject: env, env.pillion.dev/variables: A=1}}
                        spec: {containers: [{name: istio-proxy}]}
                        """).injected();

        assertThat(result.plan().targets()).containsExactly("istio-proxy");
        assertThat(result.container("istio-proxy").at("/env/0/name").asText()).isEqualTo("A");
    }

    private static final String CERTIFICATES = profile("certificates", """
            volumes: [{name: ca, configMap: {name: ca-bundle}}]
            app:
              volumeMounts: [{name: ca, mountPath: /etc/ssl/ca, readOnly: true}]
            """);
}
