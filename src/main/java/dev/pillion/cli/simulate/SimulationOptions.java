package dev.pillion.cli.simulate;

import dev.pillion.catalog.Catalog;
import dev.pillion.cli.manifest.Manifest;
import dev.pillion.cli.manifest.ManifestSources;
import dev.pillion.cli.manifest.Namespaces;
import dev.pillion.cli.manifest.UnusableInputException;
import dev.pillion.cli.manifest.UnusableInputs;
import dev.pillion.cli.option.CatalogOptions;
import dev.pillion.cli.option.ClusterOptions;
import dev.pillion.cli.option.InputOptions;
import dev.pillion.injection.Injector;
import dev.pillion.injection.settings.InjectionSettings;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Mixin;

/** The manifests, the additional requests, the profiles and the cluster of a simulation. */
public final class SimulationOptions {

    @Mixin
    private final InputOptions input;

    @Mixin
    private final RequestOptions request = new RequestOptions();

    @Mixin
    private final CatalogOptions catalog = new CatalogOptions();

    @Mixin
    private final ClusterOptions cluster = new ClusterOptions();

    public SimulationOptions(InputStream in) {
        this.input = new InputOptions(in);
    }

    public InputOptions input() {
        return input;
    }

    public CatalogOptions catalog() {
        return catalog;
    }

    public ClusterOptions cluster() {
        return cluster;
    }

    /** Simulates the decisions for all manifests of the input, in order. */
    public List<SimulatedManifest> simulate() throws UnusableInputException {
        return simulate(input.read(), catalog.catalog(), cluster.settings());
    }

    /** Simulates the decisions for manifests, in order. */
    public List<SimulatedManifest> simulate(List<Manifest> manifests, Catalog profiles, InjectionSettings settings)
            throws UnusableInputException {
        Namespaces namespaces = cluster.namespaces(manifests);
        Injector injector = new Injector(settings, ManifestSources.from(manifests, namespaces.defaultName()));
        Simulation simulation = new Simulation(injector, profiles, namespaces, request.request());
        InputFindings findings = new InputFindings(manifests, namespaces, simulation);
        List<SimulatedManifest> simulated = new ArrayList<>();
        UnusableInputs unusable = new UnusableInputs();
        for (Manifest manifest : manifests) {
            unusable.collect(() -> simulated.add(findings.addTo(simulation.of(manifest))));
        }
        unusable.throwIfAny();
        return simulated;
    }
}
