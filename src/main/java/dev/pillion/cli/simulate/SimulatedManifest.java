package dev.pillion.cli.simulate;

import dev.pillion.cli.manifest.ChangedManifest;
import dev.pillion.cli.manifest.Manifest;
import dev.pillion.patch.Patch;
import io.fabric8.zjsonpatch.JsonPatch;
import java.util.List;

/**
 * A manifest and what becomes of each workload in it; none of most kinds.
 *
 * @param findings what requests a companion and is in none of the workloads, a sentence for each
 */
public record SimulatedManifest(Manifest manifest, List<Outcome> outcomes, List<String> findings) {

    public Patch patch() {
        return new Patch(outcomes.stream()
                .flatMap(outcome -> outcome.patch().operations().stream())
                .toList());
    }

    /** The manifest as it will be. */
    public ChangedManifest changed() {
        return new ChangedManifest(manifest, JsonPatch.apply(patch().toJson(), manifest.tree()));
    }
}
