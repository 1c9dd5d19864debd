package dev.pillion.cli.manifest;

import java.util.List;

/** The text that a command prints, and warnings. */
public record PrintedManifest(String text, List<String> warnings) {

    public PrintedManifest {
        warnings = List.copyOf(warnings);
    }
}
