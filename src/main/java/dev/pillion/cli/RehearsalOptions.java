package dev.pillion.cli;

import dev.pillion.injection.Injector;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Mixin;

/** What to read, what to ask for, and of which profiles and cluster. */
final class RehearsalOptions {

    @Mixin
    private final InputOptions input;

    @Mixin
    private final AskOptions ask = new AskOptions();

    @Mixin
    private final CatalogOptions catalog = new CatalogOptions();

    @Mixin
    private final ClusterOptions cluster = new ClusterOptions();

    RehearsalOptions(InputStream in) {
        this.input = new InputOptions(in);
    }

    /** All manifests, in order. */
    List<Rehearsed> rehearse() throws UnusableInputException {
        List<Manifest> manifests = input.read();
        Namespaces namespaces = cluster.namespaces(manifests);
        Injector injector = new Injector(cluster.settings(), ManifestSources.among(manifests, namespaces.ofOthers()));
        Rehearsal rehearsal = new Rehearsal(injector, catalog.catalog(), namespaces, ask.ask());
        InputFindings findings = new InputFindings(manifests, namespaces, rehearsal);
        List<Rehearsed> rehearsed = new ArrayList<>();
        UnusableInputs unusable = new UnusableInputs();
        for (Manifest manifest : manifests) {
            unusable.collect(() -> rehearsed.add(findings.addTo(rehearsal.of(manifest))));
        }
        unusable.throwIfAny();
        return rehearsed;
    }
}
