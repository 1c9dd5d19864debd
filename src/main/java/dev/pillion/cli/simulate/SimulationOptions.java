package dev.pillion.cli.simulate;

import dev.pillion.cli.manifest.Manifest;
import dev.pillion.cli.manifest.ManifestSources;
import dev.pillion.cli.manifest.Namespaces;
import dev.pillion.cli.manifest.UnusableInputException;
import dev.pillion.cli.manifest.UnusableInputs;
import dev.pillion.cli.option.CatalogOptions;
import dev.pillion.cli.option.ClusterOptions;
import dev.pillion.cli.option.InputOptions;
import dev.pillion.injection.Injector;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Mixin;

/** What to read, what to ask for, and of which profiles and cluster. */
public final class SimulationOptions {

    @Mixin
    private final InputOptions input;

    @Mixin
    private final RequestOptions ask = new RequestOptions();

    @Mixin
    private final CatalogOptions catalog = new CatalogOptions();

    @Mixin
    private final ClusterOptions cluster = new ClusterOptions();

    public SimulationOptions(InputStream in) {
        this.input = new InputOptions(in);
    }

    /** All manifests, in order. */
    public List<SimulatedManifest> rehearse() throws UnusableInputException {
        List<Manifest> manifests = input.read();
        Namespaces namespaces = cluster.namespaces(manifests);
        Injector injector = new Injector(cluster.settings(), ManifestSources.among(manifests, namespaces.ofOthers()));
        Simulation rehearsal = new Simulation(injector, catalog.catalog(), namespaces, ask.ask());
        InputFindings findings = new InputFindings(manifests, namespaces, rehearsal);
        List<SimulatedManifest> rehearsed = new ArrayList<>();
        UnusableInputs unusable = new UnusableInputs();
        for (Manifest manifest : manifests) {
            unusable.collect(() -> rehearsed.add(findings.addTo(rehearsal.of(manifest))));
        }
        unusable.throwIfAny();
        return rehearsed;
    }
}
