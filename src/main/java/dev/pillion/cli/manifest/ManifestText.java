package dev.pillion.cli.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.yaml.splice.TextSplicer;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Prints manifests as in their files, with the changes. */
public final class ManifestText {

    private static final Pattern COMMENTS = Pattern.compile("(?:[ \\t]*(?:#.*)?\\R)*");

    private final StringBuilder text = new StringBuilder();
    private final List<String> warnings = new ArrayList<>();
    private boolean json = true;

    private ManifestText() {}

    /** The text of all files, one after the other, and warnings. */
    public static PrintedManifest print(List<ChangedManifest> manifests) {
        Map<InputText, Map<Integer, JsonNode>> changes = new IdentityHashMap<>();
        Map<Integer, InputText> order = new LinkedHashMap<>();
        for (ChangedManifest each : manifests) {
            InputText input = each.manifest().input();
            Map<Integer, JsonNode> changed = changes.computeIfAbsent(input, added -> {
                order.put(order.size(), added);
                return new TreeMap<>();
            });
            if (each.isChanged()) {
                changed.put(each.manifest().index(), each.tree());
            }
        }
        ManifestText printed = new ManifestText();
        order.values().forEach(input -> printed.add(input, changes.getOrDefault(input, Map.of())));
        return new PrintedManifest(printed.text.toString(), printed.warnings);
    }

    private void add(InputText input, Map<Integer, JsonNode> changed) {
        TextSplicer.Spliced spliced = TextSplicer.splice(input.text(), input.documents(), changed);
        spliced.reprinted()
                .forEach((index, form) -> warnings.add("warning: "
                        + SourceLocation.of(
                                input.source(), input.documents().get(index).line(""))
                        + ": the document is rewritten without its comments, because it has " + form
                        + ", which cannot be edited in place"));
        String added = spliced.text();
        if (!text.isEmpty()) {
            // A byte order mark is valid only at the start of a text.
            added = added.startsWith("\ufeff") ? added.substring(1) : added;
            separate(added);
        }
        json = json && isJson(added);
        text.append(added);
    }

    /** Adds a separator, unless JSON follows JSON. */
    private void separate(String next) {
        if (text.charAt(text.length() - 1) != '\n') {
            text.append('\n');
        }
        String content = COMMENTS.matcher(next).replaceFirst("");
        if (content.startsWith("%")) {
            text.append("...\n");
        } else if (!content.startsWith("---") && !(json && isJson(next))) {
            text.append("---\n");
        }
    }

    private static boolean isJson(String text) {
        return text.stripLeading().startsWith("{") && text.stripTrailing().endsWith("}");
    }
}
