package dev.pillion.cli;

import com.fasterxml.jackson.databind.JsonNode;

/** A manifest and the tree that it is to have, which may be the same. */
record ChangedManifest(Manifest manifest, JsonNode tree) {

    boolean isChanged() {
        return !tree.equals(manifest.tree());
    }
}
