package dev.pillion.injection.render;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.expression.Excerpt;
import dev.pillion.injection.reason.Annotations;
import dev.pillion.injection.reason.Reason;
import dev.pillion.injection.reason.ReasonCode;
import dev.pillion.pod.Pod;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds files of companions without content. The content is in annotations of the Pod, which a copy of the Pod may lack
 * ({@code kubectl debug --copy-to}). The file is empty then.
 */
public final class MissingFiles {

    private static final String FIELD_START = "metadata.annotations['" + Annotations.FILE_PREFIX;
    private static final String FIELD_END = "']";

    private MissingFiles() {}

    /** @param written annotations that this pass writes */
    public static List<Reason> of(Pod pod, Set<String> written) {
        List<Reason> warnings = new ArrayList<>();
        for (Map.Entry<String, JsonNode> volume : pod.volumes().entrySet()) {
            if (volume.getKey().startsWith(CompanionFiles.VOLUME_PREFIX)) {
                for (JsonNode item : volume.getValue().path("downwardAPI").path("items")) {
                    String field = item.path("fieldRef").path("fieldPath").asText();
                    if (field.startsWith(FIELD_START) && field.endsWith(FIELD_END)) {
                        String annotation = field.substring(
                                FIELD_START.length() - Annotations.FILE_PREFIX.length(),
                                field.length() - FIELD_END.length());
                        if (!pod.annotations().containsKey(annotation) && !written.contains(annotation)) {
                            warnings.add(missing(volume.getKey(), annotation));
                        }
                    }
                }
            }
        }
        return warnings;
    }

    private static Reason missing(String volume, String annotation) {
        return new Reason(
                ReasonCode.FILE_MISSING,
                "volume " + Excerpt.of(volume) + " of a companion needs annotation " + Excerpt.of(annotation)
                        + ", which the Pod does not have, so the companion's file will be empty; a copy of a Pod keeps its"
                        + " annotations with kubectl debug --copy-to=NAME --keep-annotations");
    }
}
