package dev.pillion.cli.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.difflib.DiffUtils;
import com.github.difflib.UnifiedDiffUtils;
import dev.pillion.yaml.YamlWriter;
import java.util.List;

/** The differences between two trees as YAML. */
public final class ManifestDiff {

    private static final int CONTEXT = 3;

    private ManifestDiff() {}

    /** The lines of a unified diff; none if the trees are equal. */
    public static List<String> between(String firstName, JsonNode first, String secondName, JsonNode second) {
        List<String> before = lines(first);
        List<String> after = lines(second);
        return UnifiedDiffUtils.generateUnifiedDiff(
                firstName, secondName, before, DiffUtils.diff(before, after), CONTEXT);
    }

    private static List<String> lines(JsonNode tree) {
        return YamlWriter.yaml(tree).lines().toList();
    }
}
