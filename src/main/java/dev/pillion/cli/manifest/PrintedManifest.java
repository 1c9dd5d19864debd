package dev.pillion.cli.manifest;

import java.util.List;

/** What a command prints. */
public record PrintedManifest(String text, List<String> warnings) {

    public PrintedManifest {
        warnings = List.copyOf(warnings);
    }
}
