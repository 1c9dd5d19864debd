package dev.pillion.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.injection.Annotations;
import dev.pillion.injection.Uninjector;
import dev.pillion.pod.Pod;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "uninject",
        description = "Print manifests without what was injected, by annotation pillion.dev/status.",
        footer = {"", "Example:", "  kubectl get deployment web -o yaml | pillion uninject -f -"})
final class UninjectCommand implements Callable<Integer> {

    @Mixin
    private final StandardOptions standard = new StandardOptions();

    @Mixin
    private final InputOptions input;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "yaml|json",
            description = "Form of the output (default: yaml).")
    private ManifestFormat format = ManifestFormat.YAML;

    @Option(
            names = {"-q", "--quiet"},
            description = "Do not say on standard error what was done.")
    private boolean quiet;

    UninjectCommand(InputStream in) {
        this.input = new InputOptions(in);
    }

    @Override
    public Integer call() throws UnusableInputException {
        List<JsonNode> trees = new ArrayList<>();
        List<String> lines = new ArrayList<>();
        for (Manifest manifest : input.read()) {
            JsonNode tree = manifest.tree();
            for (PlacedWorkload workload : manifest.workloads()) {
                Pod pod = workload.pod();
                boolean injected = pod.annotations().containsKey(Annotations.STATUS);
                lines.add(workload.title() + ": " + (injected ? "uninjected" : "unchanged: nothing was injected"));
                tree = with(tree, workload.podPlace().steps(), Uninjector.uninject(pod));
            }
            trees.add(tree);
        }
        if (!quiet) {
            lines.forEach(standard.err()::println);
            standard.err().flush();
        }
        standard.out().print(format.print(trees));
        return ExitCode.OK;
    }

    /** The tree with another one at a place. */
    private static JsonNode with(JsonNode tree, List<String> place, JsonNode other) {
        if (place.isEmpty()) {
            return other;
        }
        String step = place.getFirst();
        List<String> rest = place.subList(1, place.size());
        switch (tree) {
            case ObjectNode object -> object.set(step, with(object.path(step), rest, other));
            case ArrayNode array -> {
                int index = Integer.parseInt(step);
                array.set(index, with(array.path(index), rest, other));
            }
            default -> throw new IllegalArgumentException("no place " + place);
        }
        return tree;
    }
}
