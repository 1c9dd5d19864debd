package dev.pillion.injection.compare;

import dev.pillion.pod.VolumeMount;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The fields that Kubernetes itself adds to a container and to a volume. Only these fields of an enforced companion may differ from its profile
 * without a setting of the operator. {@code docs/enforcement.md} shows these lists, and a test compares both.
 */
public final class KubernetesAdditions {

    /**
     * A field that a container or volume may have although the profile does not set it.
     *
     * @param path without the indices of lists
     * @param values the only values that are allowed; empty if {@code rule} defines them
     * @param rule for people; empty if {@code values} defines the addition
     */
    public record Addition(String path, List<String> values, String rule) {

        static Addition of(String path, String... values) {
            return new Addition(path, List.of(values), "");
        }

        static Addition by(String path, String rule) {
            return new Addition(path, List.of(), rule);
        }
    }

    /** Of a container (k8s.io/kubernetes, {@code pkg/apis/core/v1/defaults.go}, and the admission plug-ins that are on by default). */
    public static final List<Addition> OF_CONTAINER = Stream.of(
                    Stream.of(
                            Addition.by(
                                    "image",
                                    "a registry in `pillion.image-mirrors`, followed by the same repository and tag"),
                            Addition.by(
                                    "imagePullPolicy",
                                    "`Always`; `IfNotPresent` if the profile sets nothing and the tag of the image is not `latest`"),
                            Addition.of("terminationMessagePath", "/dev/termination-log"),
                            Addition.of("terminationMessagePolicy", "File"),
                            Addition.of("ports.protocol", "TCP"),
                            Addition.by("ports.hostPort", "the same as `containerPort`, in a Pod with `hostNetwork`"),
                            Addition.of("env.valueFrom.fieldRef.apiVersion", "v1"),
                            Addition.of("env.valueFrom.resourceFieldRef.divisor", "0"),
                            Addition.of("env.valueFrom.fileKeyRef.optional", "false"),
                            Addition.of("securityContext.procMount", "Default"),
                            Addition.by(
                                    "securityContext.runAsUser",
                                    "any user except root, if the profile sets none and `pillion.user-assignment` is `cluster`"),
                            Addition.by("resizePolicy", "`NotRequired` for `cpu` and `memory`"),
                            Addition.by(
                                    "resources.limits",
                                    "from a LimitRange, if the profile sets no limit: `cpu`, `memory` and `ephemeral-storage`, each at least"
                                            + " the companion's request, and at least 10m, 16Mi and 16Mi"),
                            Addition.by(
                                    "resources.requests",
                                    "from a limit or a LimitRange, if the profile sets no request: `cpu`, `memory` and `ephemeral-storage`;"
                                            + " other resources only equal to the profile's limit"),
                            Addition.by(
                                    "volumeMounts",
                                    "the ServiceAccount's token at `" + VolumeMount.TOKEN_DIRECTORY
                                            + "`, read-only, from the projected"
                                            + " volume `kube-api-access-…`, exactly as the admission plug-in creates it")),
                    Stream.of("livenessProbe", "readinessProbe", "startupProbe")
                            .flatMap(probe -> Stream.of(
                                    Addition.of(probe + ".timeoutSeconds", "1"),
                                    Addition.of(probe + ".periodSeconds", "10"),
                                    Addition.of(probe + ".successThreshold", "1"),
                                    Addition.of(probe + ".failureThreshold", "3"),
                                    Addition.of(probe + ".httpGet.path", "/"),
                                    Addition.of(probe + ".httpGet.scheme", "HTTP"))),
                    Stream.of("lifecycle.postStart", "lifecycle.preStop")
                            .flatMap(hook -> Stream.of(
                                    Addition.of(hook + ".httpGet.path", "/"),
                                    Addition.of(hook + ".httpGet.scheme", "HTTP"))))
            .flatMap(each -> each)
            .toList();

    /** Of a volume. */
    public static final List<Addition> OF_VOLUME = List.of(
            Addition.of("secret.defaultMode", "420"),
            Addition.of("configMap.defaultMode", "420"),
            Addition.of("downwardAPI.defaultMode", "420"),
            Addition.of("downwardAPI.items.fieldRef.apiVersion", "v1"),
            Addition.of("downwardAPI.items.resourceFieldRef.divisor", "0"),
            Addition.of("projected.defaultMode", "420"),
            Addition.of("projected.sources.downwardAPI.items.fieldRef.apiVersion", "v1"),
            Addition.of("projected.sources.downwardAPI.items.resourceFieldRef.divisor", "0"),
            Addition.of("projected.sources.serviceAccountToken.expirationSeconds", "3600"),
            Addition.of("iscsi.iscsiInterface", "default"),
            Addition.of("rbd.pool", "rbd"),
            Addition.of("rbd.user", "admin"),
            Addition.of("rbd.keyring", "/etc/ceph/keyring"),
            Addition.of("azureDisk.cachingMode", "ReadWrite"),
            Addition.of("azureDisk.fsType", "ext4"),
            Addition.of("azureDisk.kind", "Shared"),
            Addition.of("scaleIO.storageMode", "ThinProvisioned"),
            Addition.of("scaleIO.fsType", "xfs"),
            Addition.of("ephemeral.volumeClaimTemplate.spec.volumeMode", "Filesystem"),
            Addition.of("image.pullPolicy", "Always", "IfNotPresent"));

    private KubernetesAdditions() {}

    /** The allowed values by path, of additions that are defined by values. */
    static Map<String, List<String>> values(List<Addition> additions) {
        return additions.stream()
                .filter(addition -> !addition.values().isEmpty())
                .collect(Collectors.toUnmodifiableMap(Addition::path, Addition::values));
    }
}
