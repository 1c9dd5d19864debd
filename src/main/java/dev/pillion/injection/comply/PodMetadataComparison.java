package dev.pillion.injection.comply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.pillion.injection.plan.RenderedProfile;
import dev.pillion.injection.reason.Reason;
import dev.pillion.injection.reason.ReasonCode;
import dev.pillion.pod.ListIndex;
import dev.pillion.pod.Pod;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Finds labels, annotations and image pull secrets of enforced profiles that the Pod lacks or sets differently. */
final class PodMetadataComparison {

    private final Pod pod;
    /** If two profiles set the same label or annotation, the value of the first one counts. */
    private final Set<String> claimed = new HashSet<>();

    PodMetadataComparison(Pod pod) {
        this.pod = pod;
    }

    /** @param keepAppValues whether the app may set other values */
    List<Reason> findings(RenderedProfile each, boolean keepAppValues) {
        List<Reason> findings = new ArrayList<>();
        for (String kind : List.of("labels", "annotations")) {
            Map<String, String> present = kind.equals("labels") ? pod.labels() : pod.annotations();
            for (Map.Entry<String, JsonNode> given :
                    each.pod().getOrDefault(kind, MissingNode.getInstance()).properties()) {
                String what = kind.substring(0, kind.length() - 1) + " " + given.getKey();
                String value = present.get(given.getKey());
                if (!claimed.add(what)) {
                    continue;
                }
                if (value == null) {
                    findings.add(new Reason(ReasonCode.COMPANION_MISSING, "the Pod lacks " + what));
                } else if (!keepAppValues && !value.equals(given.getValue().asText())) {
                    findings.add(new Reason(
                            ReasonCode.COMPANION_CHANGED, what + " has another value than the profile gives it"));
                }
            }
        }
        ListIndex secrets = ListIndex.byName(pod.spec("imagePullSecrets"));
        for (JsonNode secret : each.pod().getOrDefault("imagePullSecrets", MissingNode.getInstance())) {
            if (!AppComparison.contains(secrets, secret)) {
                findings.add(new Reason(
                        ReasonCode.COMPANION_MISSING,
                        "the Pod lacks image pull secret " + secret.path("name").asText()));
            }
        }
        return findings;
    }
}
