package dev.pillion.injection.comply;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.injection.Trial;
import dev.pillion.injection.settings.ToleratedAdditions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Additions of the admission plug-ins of the API server, and of other software, to every Pod. In a strict namespace Pillion accepts the former
 * by default, and the latter with the settings in the table of {@code docs/enforcement.md}.
 */
class ToleratedAdditionsTest {

    private static final Path PAGE = Path.of("docs/enforcement.md");
    private static final Pattern SETTING = Pattern.compile("`([a-z-]+)=([^`]+)`");
    private static final Trial TRIAL =
            Trial.of("""
                    metadata: {name: web}
                    spec: {containers: [{name: web, image: nginx}]}
                    """).withProfiles(Trial.profile("probed", """
                            sidecars:
                              - name: probed
                                image: example.com/probed:1
                                critical: true
                                startupProbe: {grpc: {port: 9001}, periodSeconds: 1}
                                readinessProbe: {tcpSocket: {port: 9000}, periodSeconds: 5}
                                resources: {requests: {cpu: 10m, memory: 32Mi}, limits: {memory: 64Mi}}
                            """), Trial.policy("rule", """
                            mode: Enforce
                            match: {}
                            profiles: [{name: logging, parameters: {user: -1}}, {name: probed}]
                            """));

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            AlwaysPullImages           | {}                                                                  | {imagePullPolicy: Always}
            DefaultTolerationSeconds   | {tolerations: [{key: node.kubernetes.io/not-ready, operator: Exists, effect: NoExecute, tolerationSeconds: 300}]} | {}
            ExtendedResourceToleration | {tolerations: [{key: example.com/gpu, operator: Exists}]}           | {}
            LimitRanger                | {}                                                                  | {resources: {limits: {cpu: 500m, ephemeral-storage: 1Gi}, requests: {ephemeral-storage: 100Mi}}}
            PodNodeSelector            | {nodeSelector: {region: west}}                                      | {}
            PodTolerationRestriction   | {tolerations: [{key: team, operator: Equal, value: shop}]}          | {}
            Priority                   | {priority: 1000, priorityClassName: high, preemptionPolicy: PreemptLowerPriority} | {}
            RuntimeClass               | {overhead: {cpu: 250m}, nodeSelector: {runtime: kata}, tolerations: [{key: kata}]} | {}
            ServiceAccount             | {serviceAccountName: default, serviceAccount: default, imagePullSecrets: [{name: registry}], volumes: [{name: kube-api-access-x1y2z, projected: {defaultMode: 420, sources: [{serviceAccountToken: {expirationSeconds: 3607, path: token}}, {configMap: {name: kube-root-ca.crt, items: [{key: ca.crt, path: ca.crt}]}}, {downwardAPI: {items: [{path: namespace, fieldRef: {apiVersion: v1, fieldPath: metadata.namespace}}]}}]}}]} | {volumeMounts: [{name: kube-api-access-x1y2z, readOnly: true, mountPath: /var/run/secrets/kubernetes.io/serviceaccount}]}
            TaintNodesByCondition      | {tolerations: [{key: node.kubernetes.io/memory-pressure, operator: Exists, effect: NoSchedule}]} | {}
            """)
    void whatTheApiServersPlugInsAddIsAcceptedByDefault(String plugIn, String spec, String companion) {
        JsonNode pod = changed(spec, companion);

        assertThat(TRIAL.again(pod).missing()).isEmpty();
        assertThat(documented(plugIn)).as("the settings in the table").isEqualTo(ToleratedAdditions.NONE);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            Istio                   | {containers: [{name: istio-proxy, image: docker.io/istio/proxyv2:1.24.0}]} | {readinessProbe: {tcpSocket: , httpGet: {path: /app-health/NAME/readyz, port: 15020, scheme: HTTP}}, startupProbe: {grpc: , httpGet: {path: /app-health/NAME/startupz, port: 15020}}}
            OpenShift               | {securityContext: {fsGroup: 1000650000, seLinuxOptions: {level: "s0:c26,c5"}, seccompProfile: {type: RuntimeDefault}}} | {securityContext: {runAsUser: 1000650000}}
            Vertical Pod Autoscaler | {} | {resources: {requests: {cpu: 25m, memory: 250Mi}, limits: {memory: 500Mi}}}
            GKE Autopilot           | {securityContext: {seccompProfile: {type: RuntimeDefault}}, tolerations: [{key: kubernetes.io/arch}]} | {resources: {requests: {cpu: 50m, memory: 52Mi, ephemeral-storage: 1Gi}, limits: {cpu: 50m, memory: 52Mi, ephemeral-storage: 1Gi}}}
            EKS Pod Identity        | {volumes: [{name: eks-pod-identity-token, projected: {sources: [{serviceAccountToken: {audience: pods.eks.amazonaws.com, path: eks-pod-identity-token}}]}}]} | {env: [{name: AWS_STS_REGIONAL_ENDPOINTS, value: regional}, {name: AWS_CONTAINER_CREDENTIALS_FULL_URI, value: "http://169.254.170.23/v1/credentials"}], volumeMounts: [{name: eks-pod-identity-token, mountPath: /var/run/secrets/pods.eks.amazonaws.com/serviceaccount, readOnly: true}]}
            EKS roles for ServiceAccounts | {volumes: [{name: aws-iam-token, projected: {sources: [{serviceAccountToken: {audience: sts.amazonaws.com, path: token}}]}}]} | {env: [{name: AWS_ROLE_ARN, value: arn}, {name: AWS_WEB_IDENTITY_TOKEN_FILE, value: /var/run/secrets/eks.amazonaws.com/serviceaccount/token}], volumeMounts: [{name: aws-iam-token, mountPath: /var/run/secrets/eks.amazonaws.com/serviceaccount, readOnly: true}]}
            Azure Workload Identity | {volumes: [{name: azure-identity-token, projected: {sources: [{serviceAccountToken: {audience: "api://AzureADTokenExchange", path: azure-identity-token}}]}}]} | {env: [{name: AZURE_CLIENT_ID, value: a}, {name: AZURE_FEDERATED_TOKEN_FILE, value: b}], volumeMounts: [{name: azure-identity-token, mountPath: /var/run/secrets/azure/tokens, readOnly: true}]}
            Datadog                 | {volumes: [{name: datadog, hostPath: {path: /var/run/datadog}}]} | {env: [{name: DD_AGENT_HOST, valueFrom: {fieldRef: {fieldPath: status.hostIP}}}], volumeMounts: [{name: datadog, mountPath: /var/run/datadog, readOnly: true}]}
            """)
    void whatOthersAddIsAcceptedWithTheDocumentedSettings(String software, String spec, String companion) {
        JsonNode pod = changed(spec, companion);

        assertThat(TRIAL.again(pod).missing()).as("by default").isNotEmpty();
        assertThat(TRIAL.tolerating(documented(software)).again(pod).missing()).isEmpty();
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            Istio     | {readinessProbe: {httpGet: {path: /app-health/NAME/readyz, port: 15020}}}
            Istio     | {readinessProbe: {tcpSocket: , httpGet: {path: /app-health/web/readyz, port: 15020}}}
            Istio     | {readinessProbe: {tcpSocket: , httpGet: {path: /app-health/NAME/readyz, port: 8080}}}
            Istio     | {readinessProbe: {tcpSocket: , httpGet: {path: /app-health/NAME/readyz, port: 15020, host: other}}}
            Istio     | {readinessProbe: {tcpSocket: , httpGet: {path: /app-health/NAME/readyz, port: 15020}, failureThreshold: 100}}
            Istio     | {livenessProbe: {httpGet: {path: /app-health/NAME/livez, port: 15020}}}
            OpenShift | {securityContext: {runAsUser: 0}}
            OpenShift | {securityContext: {runAsUser: "0"}}
            OpenShift | {securityContext: {runAsGroup: 0}}
            OpenShift | {securityContext: {runAsNonRoot: false}}
            """)
    void theSettingsTolerateNothingElse(String software, String companion) {
        JsonNode pod = changed("{containers: [{name: istio-proxy, image: docker.io/istio/proxyv2:1.24.0}]}", companion);

        assertThat(TRIAL.tolerating(documented(software)).again(pod).missing()).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            true  | [ALL, KILL, MKNOD, SETGID, SETUID]
            true  | [MKNOD, ALL]
            false | [KILL, MKNOD, SETGID, SETUID]
            """)
    void additionalDroppedCapabilitiesAreAcceptedIfTheyAreTolerated(boolean accepted, String drop) {
        ObjectNode pod = changed("{}", "{}");
        pod.withArray("/spec/initContainers").forEach(container -> ((ObjectNode) container)
                .withObject("/securityContext/capabilities")
                .set("drop", Trial.yaml(drop)));

        assertThat(TRIAL.again(pod).missing()).as("by default").isNotEmpty();
        assertThat(TRIAL.tolerating(documented("OpenShift"))
                        .again(pod)
                        .missing()
                        .isEmpty())
                .isEqualTo(accepted);
    }

    @Test
    void probesOfIstioAreAcceptedOnlyWithItsAgent() {
        JsonNode pod =
                changed("{}", "{readinessProbe: {tcpSocket: , httpGet: {path: /app-health/NAME/readyz, port: 15020}}}");

        assertThat(TRIAL.tolerating(documented("Istio")).again(pod).missing()).hasSize(1);
    }

    /** The settings for this software in the table. */
    private static ToleratedAdditions documented(String software) {
        Map<String, Set<String>> settings = new HashMap<>();
        List<String> rows = lines().stream()
                .filter(line -> line.startsWith("| " + software + " |") || line.contains("`" + software + "`"))
                .filter(line -> line.startsWith("| "))
                .toList();
        assertThat(rows).as("rows of %s for %s", PAGE, software).hasSize(1);
        Matcher setting = SETTING.matcher(rows.getFirst());
        while (setting.find()) {
            settings.put(setting.group(1), Set.of(setting.group(2).split(",")));
        }
        Set<String> unknown = new HashSet<>(settings.keySet());
        unknown.removeAll(Set.of("env", "mounts", "resources", "container-fields", "pod-fields", "istio-probes"));
        assertThat(unknown).isEmpty();
        return new ToleratedAdditions(
                settings.getOrDefault("env", Set.of()),
                settings.getOrDefault("mounts", Set.of()),
                settings.getOrDefault("resources", Set.of()),
                settings.getOrDefault("container-fields", Set.of()),
                settings.getOrDefault("pod-fields", Set.of()),
                settings.getOrDefault("istio-probes", Set.of()).contains("true"));
    }

    private static List<String> lines() {
        try {
            return Files.readAllLines(PAGE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The injected Pod with these additions to its spec and to each companion. */
    private static ObjectNode changed(String spec, String companion) {
        ObjectNode pod = TRIAL.injected().pod().deepCopy();
        pod.withArray("/spec/initContainers").forEach(container -> {
            String name = container.path("name").asText();
            ObjectNode addition = (ObjectNode) Trial.yaml(companion.replace("NAME", name));
            addition.remove(List.of("readinessProbe", "startupProbe").stream()
                    .filter(probe -> !container.has(probe))
                    .toList());
            add(addition, (ObjectNode) container);
        });
        add((ObjectNode) Trial.yaml(spec), pod.withObject("/spec"));
        return pod;
    }

    /** Merges objects, appends to lists, and removes fields for which the addition is empty. */
    private static void add(ObjectNode addition, ObjectNode to) {
        addition.properties().forEach(field -> {
            JsonNode value = field.getValue();
            if (value instanceof ObjectNode object) {
                add(object, to.withObjectProperty(field.getKey()));
            } else if (value instanceof ArrayNode array) {
                to.withArrayProperty(field.getKey()).addAll(array);
            } else if (value.isNull()) {
                to.remove(field.getKey());
            } else {
                to.set(field.getKey(), value);
            }
        });
    }
}
