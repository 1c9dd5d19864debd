package dev.pillion.cli.simulate;

import dev.pillion.cli.manifest.ChangedManifest;
import dev.pillion.cli.manifest.Manifest;
import dev.pillion.patch.Patch;
import io.fabric8.zjsonpatch.JsonPatch;
import java.util.List;

/**
 * A manifest with the decision for each of its workloads. Most kinds of objects have none.
 *
 * @param findings one sentence for each problem that the manifest or other documents of the input show
 */
public record SimulatedManifest(Manifest manifest, List<Outcome> outcomes, List<String> findings) {

    public Patch patch() {
        return new Patch(outcomes.stream()
                .flatMap(outcome -> outcome.patch().operations().stream())
                .toList());
    }

    /** The manifest after injection. */
    public ChangedManifest changed() {
        return new ChangedManifest(manifest, JsonPatch.apply(patch().toJson(), manifest.tree()));
    }
}
