package dev.pillion.cli.simulate;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Finds companions and volumes of profiles that violate the Pod Security Standard that their namespace enforces (kubernetes.io, Pod Security Standards). */
final class PodSecurityCheck implements InputCheck {

    private static final Set<String> BASELINE_CAPABILITIES = Set.of(
            "AUDIT_WRITE",
            "CHOWN",
            "DAC_OVERRIDE",
            "FOWNER",
            "FSETID",
            "KILL",
            "MKNOD",
            "NET_BIND_SERVICE",
            "SETFCAP",
            "SETGID",
            "SETPCAP",
            "SETUID",
            "SYS_CHROOT");

    /** The types that the level allows (check_restrictedVolumes.go in k8s.io/pod-security-admission). */
    private static final Set<String> RESTRICTED_VOLUMES = Set.of(
            "configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim", "projected", "secret");

    @Override
    public List<String> findings(InjectedWorkload workload, NamespaceObjects objects) {
        String level = workload.namespace().labels().getOrDefault("pod-security.kubernetes.io/enforce", "");
        boolean restricted = level.equals("restricted");
        List<String> findings = new ArrayList<>();
        if (restricted || level.equals("baseline")) {
            JsonNode ofPod = workload.pod().path("spec").path("securityContext");
            List<String> ofVolumes = volumes(workload, restricted);
            if (!ofVolumes.isEmpty()) {
                findings.add("namespace " + workload.namespace().name() + " enforces Pod Security '" + level
                        + "', and volumes of profiles violate it: " + String.join(", ", ofVolumes)
                        + "; the API server rejects such Pods");
            }
            for (JsonNode companion : workload.companions()) {
                List<String> violations = baseline(companion);
                if (restricted) {
                    violations.addAll(restricted(companion.path("securityContext"), ofPod));
                }
                if (!violations.isEmpty()) {
                    findings.add("namespace " + workload.namespace().name() + " enforces Pod Security '" + level
                            + "', and companion " + companion.path("name").asText() + " violates it: "
                            + String.join(", ", violations) + "; the API server rejects such Pods");
                }
            }
        }
        return findings;
    }

    private static List<String> volumes(InjectedWorkload workload, boolean restricted) {
        Set<String> own = new HashSet<>();
        workload.original()
                .path("spec")
                .path("volumes")
                .forEach(volume -> own.add(volume.path("name").asText()));
        List<String> violations = new ArrayList<>();
        for (JsonNode volume : workload.pod().path("spec").path("volumes")) {
            String name = volume.path("name").asText();
            for (Map.Entry<String, JsonNode> source : volume.properties()) {
                String type = source.getKey();
                boolean allowed = restricted ? RESTRICTED_VOLUMES.contains(type) : !type.equals("hostPath");
                if (!own.contains(name) && !type.equals("name") && !allowed) {
                    violations.add("volume " + name + " is a " + type);
                }
            }
        }
        return violations;
    }

    private static List<String> baseline(JsonNode container) {
        List<String> violations = new ArrayList<>();
        JsonNode security = container.path("securityContext");
        if (security.path("privileged").asBoolean()) {
            violations.add("privileged is true");
        }
        for (JsonNode capability : security.path("capabilities").path("add")) {
            if (!BASELINE_CAPABILITIES.contains(capability.asText())) {
                violations.add("capability " + capability.asText() + " is added");
            }
        }
        for (JsonNode port : container.path("ports")) {
            if (port.path("hostPort").asInt() != 0) {
                violations.add("hostPort " + port.path("hostPort").asInt() + " is used");
            }
        }
        return violations;
    }

    private static List<String> restricted(JsonNode security, JsonNode ofPod) {
        List<String> violations = new ArrayList<>();
        if (effective(security, ofPod, "runAsUser").asInt(-1) == 0) {
            violations.add("runAsUser is 0");
        }
        if (!effective(security, ofPod, "runAsNonRoot").asBoolean()) {
            violations.add("runAsNonRoot is not true");
        }
        if (security.path("allowPrivilegeEscalation").asBoolean(true)) {
            violations.add("allowPrivilegeEscalation is not false");
        }
        boolean dropped = false;
        for (JsonNode capability : security.path("capabilities").path("drop")) {
            dropped = dropped || capability.asText().equals("ALL");
        }
        if (!dropped) {
            violations.add("capabilities are not dropped");
        }
        for (JsonNode capability : security.path("capabilities").path("add")) {
            if (BASELINE_CAPABILITIES.contains(capability.asText())
                    && !capability.asText().equals("NET_BIND_SERVICE")) {
                violations.add("capability " + capability.asText() + " is added");
            }
        }
        String seccomp =
                effective(security, ofPod, "seccompProfile").path("type").asText();
        if (!seccomp.equals("RuntimeDefault") && !seccomp.equals("Localhost")) {
            violations.add("seccompProfile is not RuntimeDefault");
        }
        return violations;
    }

    private static JsonNode effective(JsonNode security, JsonNode ofPod, String field) {
        return security.hasNonNull(field) ? security.path(field) : ofPod.path(field);
    }
}
