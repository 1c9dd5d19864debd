package dev.pillion.cli;

import dev.pillion.catalog.Catalog;
import dev.pillion.cli.manifest.ChangedManifest;
import dev.pillion.cli.manifest.Manifest;
import dev.pillion.cli.manifest.PlacedWorkload;
import dev.pillion.cli.manifest.PrintedManifest;
import dev.pillion.cli.manifest.UnusableInputException;
import dev.pillion.cli.manifest.UnusableInputs;
import dev.pillion.cli.option.CatalogOptions;
import dev.pillion.cli.option.InputOptions;
import dev.pillion.cli.option.ManifestFormat;
import dev.pillion.cli.option.StandardOptions;
import dev.pillion.cli.terminal.ExitCode;
import dev.pillion.cli.terminal.Printable;
import dev.pillion.injection.reason.Annotations;
import dev.pillion.injection.uninject.Uninjection;
import dev.pillion.injection.uninject.Uninjector;
import dev.pillion.patch.Patch;
import dev.pillion.pod.Pod;
import io.fabric8.zjsonpatch.JsonPatch;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "uninject",
        description = "Print manifests without the additions that annotation pillion.dev/status records.",
        footer = {
            "",
            "The command removes only what a profile defines. If your own profiles were injected, set --profiles.",
            "It warns about each addition that it cannot remove. The annotation still lists these additions.",
            "",
            "Example:",
            "  kubectl get deployment web -o yaml | pillion uninject -f -"
        })
final class UninjectCommand implements Callable<Integer> {

    @Mixin
    private final StandardOptions standard = new StandardOptions();

    @Mixin
    private final InputOptions input;

    @Mixin
    private final CatalogOptions catalog = new CatalogOptions();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "yaml|json",
            description = "Format of the output. yaml (the default) keeps the text of the input.")
    private ManifestFormat format = ManifestFormat.YAML;

    @Option(
            names = {"-q", "--quiet"},
            description = "On standard error, print only warnings and errors.")
    private boolean quiet;

    UninjectCommand(InputStream in) {
        this.input = new InputOptions(in);
    }

    @Override
    public Integer call() throws UnusableInputException {
        Catalog profiles = catalog.catalog();
        List<ChangedManifest> changed = new ArrayList<>();
        List<String> summaries = new ArrayList<>();
        List<String> warnings = new ArrayList<>();
        UnusableInputs unusable = new UnusableInputs();
        for (Manifest manifest : input.read()) {
            unusable.collect(() -> changed.add(uninject(manifest, profiles, summaries, warnings)));
        }
        unusable.throwIfAny();
        if (!quiet) {
            summaries.forEach(standard.err()::println);
        }
        PrintedManifest printed = format.print(changed);
        warnings.addAll(printed.warnings());
        warnings.forEach(standard.err()::println);
        standard.err().flush();
        standard.out().print(printed.text());
        return ExitCode.OK;
    }

    private static ChangedManifest uninject(
            Manifest manifest, Catalog profiles, List<String> summaries, List<String> warnings)
            throws UnusableInputException {
        Patch patch = Patch.empty();
        for (PlacedWorkload workload : manifest.workloads()) {
            Pod pod = workload.pod();
            Uninjection uninjection = Uninjector.uninject(pod, profiles);
            patch = patch.then(uninjection.patch().below(workload.podPointer()));
            summaries.add(workload.title() + ": " + summary(pod, uninjection));
            uninjection
                    .kept()
                    .forEach(kept ->
                            warnings.add("warning: " + workload.title() + ": " + Printable.oneLine(kept.toString())));
            uninjection
                    .edits()
                    .forEach(edit -> warnings.add("warning: " + workload.title() + ": " + Printable.oneLine(edit)));
        }
        return new ChangedManifest(manifest, JsonPatch.apply(patch.toJson(), manifest.tree()));
    }

    private static String summary(Pod pod, Uninjection uninjection) {
        boolean hasStatus = pod.annotations().containsKey(Annotations.STATUS);
        if (uninjection.isComplete()) {
            return hasStatus ? "uninjected" : "unchanged: nothing was injected";
        }
        return uninjection.patch().isEmpty() ? "unchanged" : "partly uninjected";
    }
}
