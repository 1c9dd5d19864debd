package dev.pillion.yaml.splice;

import dev.pillion.yaml.splice.SourceNode.Child;
import dev.pillion.yaml.splice.SourceNode.Collection;
import dev.pillion.yaml.splice.SourceNode.Mapping;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Adds to flow collections such as {@code {a: b}} or JSON, and removes from them. A removal deletes exactly the text that an addition at that place
 * inserts, so that removing an addition restores the original text.
 */
final class FlowEdits {

    private static final Pattern COMMENT = Pattern.compile("[ \\t]*,?[ \\t]+#.*", Pattern.DOTALL);

    private final Lines lines;
    private final Layout layout;
    private final List<TextEdit> edits;

    FlowEdits(Lines lines, Layout layout, List<TextEdit> edits) {
        this.lines = lines;
        this.layout = layout;
        this.edits = edits;
    }

    void change(Collection collection, List<Step> steps) throws UnsupportedTextException {
        if (collection.open() == SourceNode.NO_BRACKET) {
            throw new UnsupportedTextException("a mapping without brackets");
        }
        @Nullable Child previous = null;
        List<Child> removed = new ArrayList<>();
        List<Step.Added> added = new ArrayList<>();
        for (Step step : steps) {
            switch (step) {
                case Step.Removed(Child child) -> removed.add(child);
                case Step.Added addition -> added.add(addition);
                case Step.Kept(Child child) -> {
                    change(collection, previous, child, removed, added);
                    removed.clear();
                    added.clear();
                    previous = child;
                }
            }
        }
        change(collection, previous, null, removed, added);
    }

    /** Changes the part between two children that stay. */
    private void change(
            Collection collection,
            @Nullable Child previous,
            @Nullable Child next,
            List<Child> removed,
            List<Step.Added> added) {
        if (!removed.isEmpty()) {
            Child first = removed.getFirst();
            Child last = removed.getLast();
            if (previous != null) {
                removeAfter(previous, last);
            } else if (next != null) {
                edits.add(TextEdit.deletion(first.start(), next.start()));
            } else {
                removeAll(collection, first, last);
            }
        }
        if (!added.isEmpty()) {
            List<String> texts = texts(collection, added);
            String separator = separator(collection);
            if (previous != null) {
                addAfter(previous, texts, separator);
            } else if (next != null) {
                String joined = String.join("," + separator, texts);
                edits.add(TextEdit.insertion(next.start(), joined + "," + separator));
            } else {
                addToEmpty(collection, texts, removed.isEmpty());
            }
        }
    }

    private void removeAfter(Child previous, Child last) {
        if (!hasComment(previous)) {
            edits.add(TextEdit.deletion(previous.end(), last.end()));
            return;
        }
        edits.add(TextEdit.deletion(lines.end(previous.end()), last.comma() < 0 ? last.end() : last.comma() + 1));
        if (last.comma() < 0) {
            edits.add(TextEdit.deletion(previous.comma(), previous.comma() + 1));
        }
    }

    private void addAfter(Child previous, List<String> texts, String separator) {
        if (!hasComment(previous)) {
            // The comma must not become part of a missing value.
            String blank = previous.value().end() <= previous.gap() ? " " : "";
            edits.add(
                    TextEdit.insertion(previous.end(), blank + "," + separator + String.join("," + separator, texts)));
            return;
        }
        boolean comma = previous.comma() >= 0;
        if (!comma) {
            edits.add(TextEdit.insertion(previous.end(), ","));
        }
        edits.add(TextEdit.insertion(
                lines.end(previous.end()), separator + String.join("," + separator, texts) + (comma ? "," : "")));
    }

    /** Whether the child has a line of its own with a comment after it. */
    private boolean hasComment(Child child) {
        boolean own = !layout.json() && lines.isBlank(lines.start(child.start()), child.start());
        return own
                && COMMENT.matcher(lines.text())
                        .region(child.end(), lines.end(child.end()))
                        .matches();
    }

    private void removeAll(Collection collection, Child first, Child last) {
        int close = collection.end() - 1;
        int end = last.comma() < 0 ? last.end() : last.comma() + 1;
        boolean opened =
                lines.text().substring(collection.open(), first.start()).isBlank();
        boolean closed = lines.text().substring(end, close).isBlank();
        boolean alone = opened && closed && lines.start(first.start()) > collection.open() && lines.start(close) > end;
        edits.add(alone ? TextEdit.deletion(collection.open(), close) : TextEdit.deletion(first.start(), end));
    }

    private void addToEmpty(Collection collection, List<String> texts, boolean empty) {
        int close = collection.end() - 1;
        boolean pretty = isPretty() && empty && collection.open() == close;
        if (!pretty) {
            String comma = layout.json() ? layout.comma() : ", ";
            edits.add(TextEdit.insertion(collection.open(), String.join(comma, texts)));
            return;
        }
        String outer = lines.indentation(collection.start());
        String lineBreak = lines.lineBreak(close);
        String inner = lineBreak + outer + layout.unit();
        edits.add(TextEdit.insertion(collection.open(), inner + String.join("," + inner, texts) + lineBreak + outer));
    }

    private List<String> texts(Collection collection, List<Step.Added> added) {
        return added.stream().map(addition -> text(collection, addition)).toList();
    }

    private String text(Collection collection, Step.Added addition) {
        ValueText text = new ValueText(layout);
        if (addition.note().isPresent()) {
            String lineBreak = lines.lineBreak(collection.open());
            return ScalarText.yaml(addition.key()) + ": "
                    + Note.text(addition.note().get()) + lineBreak + lines.indentation(collection.start()) + "  "
                    + text.flow(addition.value());
        }
        boolean mapping = collection instanceof Mapping;
        if (isPretty() && (isMultiline(collection) || collection.children().isEmpty())) {
            String lineBreak = lines.lineBreak(collection.open());
            String indentation = collection.children().isEmpty()
                    ? lines.indentation(collection.start()) + layout.unit()
                    : lines.indentation(collection.children().getFirst().start());
            return mapping
                    ? text.prettyEntry(addition.key(), addition.value(), indentation, lineBreak)
                    : text.pretty(addition.value(), indentation, lineBreak);
        }
        return mapping ? text.flowEntry(addition.key(), addition.value()) : text.flow(addition.value());
    }

    private boolean isPretty() {
        return !layout.unit().isEmpty();
    }

    /** The text after the comma between two children. */
    private String separator(Collection collection) {
        if (isMultiline(collection)) {
            Child first = collection.children().getFirst();
            return lines.lineBreak(collection.open()) + lines.indentation(first.start());
        }
        return layout.json() ? layout.comma().substring(1) : " ";
    }

    /** Whether the first child starts a line. */
    private boolean isMultiline(Collection collection) {
        if (collection.children().isEmpty()) {
            return false;
        }
        int first = collection.children().getFirst().start();
        return lines.start(first) > collection.start() && lines.isBlank(lines.start(first), first);
    }
}
