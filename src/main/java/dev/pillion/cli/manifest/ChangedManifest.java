package dev.pillion.cli.manifest;

import com.fasterxml.jackson.databind.JsonNode;

/** A manifest and its new tree, which may be the same as its current one. */
public record ChangedManifest(Manifest manifest, JsonNode tree) {

    boolean isChanged() {
        return !tree.equals(manifest.tree());
    }
}
