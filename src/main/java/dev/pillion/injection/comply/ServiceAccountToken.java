package dev.pillion.injection.comply;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.pillion.pod.VolumeMount;
import java.util.Map;

/** Recognises the mount and the volume that the admission plug-in ServiceAccount adds to every container ({@code TokenVolumeSource}). */
final class ServiceAccountToken {

    private static final String NAME = "kube-api-access-";

    private static final JsonNode SOURCES = json("""
            [{"serviceAccountToken": {"expirationSeconds": 3607, "path": "token"}},
             {"configMap": {"name": "kube-root-ca.crt", "items": [{"key": "ca.crt", "path": "ca.crt"}]}},
             {"downwardAPI": {"items": [{"path": "namespace", "fieldRef": {"apiVersion": "v1", "fieldPath": "metadata.namespace"}}]}}]
            """);

    /** OpenShift's own version of the plug-in adds it. */
    private static final JsonNode FOURTH_SOURCE = json("""
            {"configMap": {"name": "openshift-service-ca.crt", "items": [{"key": "service-ca.crt", "path": "service-ca.crt"}]}}
            """);

    private ServiceAccountToken() {}

    /** @param volumes of the Pod, by name */
    static boolean isMount(VolumeMount mount, Map<String, JsonNode> volumes) {
        JsonNode tree = mount.tree();
        return mount.mountPath().equals(VolumeMount.TOKEN_DIRECTORY)
                && tree.size() == 3
                && tree.path("readOnly").asBoolean()
                && mount.volume().startsWith(NAME)
                && isVolume(volumes.getOrDefault(mount.volume(), MissingNode.getInstance()));
    }

    private static boolean isVolume(JsonNode volume) {
        JsonNode projected = volume.path("projected");
        JsonNode sources = projected.path("sources");
        boolean known = sources.size() == SOURCES.size()
                || (sources.size() == SOURCES.size() + 1
                        && sources.get(SOURCES.size()).equals(FOURTH_SOURCE));
        for (int index = 0; known && index < SOURCES.size(); index++) {
            known = sources.get(index).equals(SOURCES.get(index));
        }
        return known
                && volume.size() == 2
                && projected.path("defaultMode").asInt(420) == 420
                && projected.size() == (projected.has("defaultMode") ? 2 : 1);
    }

    private static JsonNode json(String text) {
        try {
            return JsonMapper.builder().build().readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(text, e);
        }
    }
}
