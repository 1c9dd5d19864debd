package dev.pillion.injection.render;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.catalog.ContainerTemplate.FileTemplate;
import dev.pillion.expression.EvaluationException;
import dev.pillion.expression.Variables;
import dev.pillion.injection.plan.ResultBudget;
import dev.pillion.injection.reason.Annotations;
import dev.pillion.injection.reason.DeniedException;
import dev.pillion.injection.reason.ProfileRequest;
import dev.pillion.pod.DnsLabel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The files of a profile's companions. The content of each file becomes an annotation of the Pod, and each directory with files becomes a
 * downward API volume.
 */
public final class CompanionFiles {

    /** The name of each volume with files starts with it. */
    public static final String VOLUME_PREFIX = "pillion-files-";

    private final ProfileRequest request;
    private final ResultBudget budget;
    private final Map<String, String> annotations = new LinkedHashMap<>();
    private final List<JsonNode> volumes = new ArrayList<>();

    CompanionFiles(ProfileRequest request, ResultBudget budget) {
        this.request = request;
        this.budget = budget;
    }

    /** The content of each file, by annotation. */
    Map<String, String> annotations() {
        return annotations;
    }

    List<JsonNode> volumes() {
        return volumes;
    }

    /** Renders the files of a companion, and mounts them. */
    void addTo(CompanionDraft companion, Variables variables) throws EvaluationException, DeniedException {
        Map<String, ObjectNode> directories = new LinkedHashMap<>();
        for (FileTemplate file : companion.template().files()) {
            if (file.when().isPresent() && !file.when().get().isTrue(variables)) {
                continue;
            }
            String path = file.path().render(variables).asText();
            JsonNode content = file.content().render(variables);
            // The name part of an annotation has at most 63 characters.
            String annotation =
                    Annotations.FILE_PREFIX + DnsLabel.shortened(companion.name(), 50) + "." + annotations.size();
            String text = content.isTextual() ? content.textValue() : content.toString();
            budget.addText(text, request);
            annotations.put(annotation, text);
            String directory = path.substring(0, path.lastIndexOf('/'));
            directories
                    .computeIfAbsent(directory, mounted -> mountVolume(companion, mounted, directories.size()))
                    .withObject("/downwardAPI")
                    .withArray("/items")
                    .addObject()
                    .put("path", path.substring(path.lastIndexOf('/') + 1))
                    .putObject("fieldRef")
                    // The API server sets the same default.
                    .put("apiVersion", "v1")
                    .put("fieldPath", "metadata.annotations['" + annotation + "']");
        }
        volumes.addAll(directories.values());
    }

    private static ObjectNode mountVolume(CompanionDraft companion, String directory, int count) {
        String suffix = count == 0 ? "" : "-" + count;
        String name =
                DnsLabel.shortened(VOLUME_PREFIX + companion.name(), DnsLabel.MAX_LENGTH - suffix.length()) + suffix;
        companion
                .container()
                .mount(JsonNodeFactory.instance
                        .objectNode()
                        .put("name", name)
                        .put("mountPath", directory)
                        .put("readOnly", true));
        return JsonNodeFactory.instance.objectNode().put("name", name);
    }
}
