package dev.pillion.cli.manifest;

import com.fasterxml.jackson.databind.JsonNode;

/** A manifest and the tree that it is to have, which may be the same. */
public record ChangedManifest(Manifest manifest, JsonNode tree) {

    boolean isChanged() {
        return !tree.equals(manifest.tree());
    }
}
