package dev.pillion.admission.cache;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.admission.AdmissionRequest;
import dev.pillion.admission.DecisionSnapshot;
import dev.pillion.admission.PodWebhook;
import dev.pillion.expression.FieldPath;
import dev.pillion.pod.Pod;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A review with its response.
 *
 * @param review its bytes
 * @param snapshot that it was decided on
 * @param response the bytes that were sent
 */
public record AnsweredReview(byte[] review, AdmissionRequest request, DecisionSnapshot snapshot, byte[] response) {

    private static final FieldPath NAME = FieldPath.of("pod.metadata.name");

    /**
     * The fields of the Pod that matching policies read, and those profiles that an annotation of the Pod or of its namespace names. Other
     * profiles cannot be requested.
     */
    Set<FieldPath> fieldsRead(PodWebhook webhook) {
        JsonNode metadata = request.object().path("metadata");
        List<String> texts = new ArrayList<>();
        metadata.path("annotations").properties().forEach(annotation -> {
            texts.add(annotation.getKey());
            texts.add(annotation.getValue().asText());
        });
        Map<String, String> labels = new HashMap<>();
        metadata.path("labels")
                .properties()
                .forEach(label -> labels.put(label.getKey(), label.getValue().asText()));
        snapshot.namespace().annotations().forEach((name, value) -> {
            texts.add(name);
            texts.add(value);
        });
        Set<FieldPath> read = new HashSet<>(snapshot.catalog()
                .fieldsRead(
                        snapshot.namespace().labels(),
                        labels,
                        snapshot.catalog().names().stream()
                                .filter(profile -> texts.stream().anyMatch(text -> text.contains(profile)))));
        if (!webhook.readsGeneratedNames() && Pod.hasGeneratedName(metadata)) {
            read.remove(NAME);
        }
        return read;
    }
}
