package dev.pillion.injection.render;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.catalog.ContainerTemplate.Repeat;
import dev.pillion.catalog.Profile;
import dev.pillion.catalog.SharedDirectory;
import dev.pillion.expression.EvaluationException;
import dev.pillion.expression.Template;
import dev.pillion.expression.Values;
import dev.pillion.expression.Variables;
import dev.pillion.injection.plan.Plan.ParameterValue;
import dev.pillion.injection.plan.RenderedProfile;
import dev.pillion.injection.plan.RenderedProfile.Chosen;
import dev.pillion.injection.plan.RenderedProfile.Share;
import dev.pillion.injection.plan.ResultBudget;
import dev.pillion.injection.reason.DeniedException;
import dev.pillion.pod.Container;
import dev.pillion.pod.ReviewLimits;
import dev.pillion.pod.VolumeMount;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Renders one profile for one Pod.
 *
 * @param variables with {@code params}
 * @param targets the app's containers that the profile adds to; companions inherit from the first one
 * @param nativeSidecars whether sidecars are init containers with {@code restartPolicy: Always}
 * @param budget of all profiles for the Pod
 */
record Renderer(
        Chosen chosen,
        Map<String, ParameterValue> parameters,
        Variables variables,
        List<Container> targets,
        boolean nativeSidecars,
        ResultBudget budget) {

    RenderedProfile render() throws DeniedException {
        try {
            return renderAll();
        } catch (EvaluationException e) {
            throw DeniedException.of(chosen.request(), e, "it cannot be rendered for this Pod: ");
        }
    }

    private RenderedProfile renderAll() throws EvaluationException, DeniedException {
        Profile profile = chosen.profile();
        InstanceNames names = new InstanceNames(chosen);
        CompanionFiles files = new CompanionFiles(chosen.request(), budget);
        CompanionRenderer containers =
                new CompanionRenderer(chosen, parameters, variables, nativeSidecars, names, files, budget);
        List<CompanionDraft> companions = containers.render();
        List<JsonNode> volumes = new ArrayList<>(files.volumes());
        for (Template volume : profile.volumes()) {
            JsonNode tree = volume.render(variables);
            budget.add(tree, chosen.request());
            volumes.add(names.volume(tree));
        }
        List<Share> shares = new ArrayList<>();
        for (SharedDirectory directory : profile.sharedDirectories()) {
            if (directory.forEach().isEmpty()) {
                shares.add(share(directory, variables, companions, names));
            } else {
                Repeat repeat = directory.forEach().get();
                for (JsonNode element : containers.elements(repeat, ReviewLimits.PATHS)) {
                    Variables values = variables.with(repeat.variable(), () -> Values.ofJson(element));
                    shares.add(share(directory, values, companions, names));
                }
            }
        }
        names.renameReferences(companions);
        Map<String, JsonNode> app = rendered(profile.app());
        app.computeIfPresent("volumeMounts", (field, mounts) -> names.mounts(mounts));
        app.computeIfPresent("env", (field, variables) -> names.references(variables));
        return new RenderedProfile(
                chosen,
                targets,
                parameters,
                companions.stream().map(companion -> companion.build(chosen)).toList(),
                volumes,
                shares,
                app,
                rendered(profile.pod()),
                files.annotations());
    }

    private Share share(
            SharedDirectory directory, Variables values, List<CompanionDraft> companions, InstanceNames names)
            throws EvaluationException, DeniedException {
        String path = VolumeMount.directory(directory.path().render(values).asText());
        String volume = directory.name().isPresent()
                ? names.volumeName(directory.name().get().render(values).asText())
                : SharedVolumeName.of(path);
        return new Share(
                chosen,
                targets,
                path,
                volume,
                present(directory.readers(), companions),
                present(directory.writers(), companions),
                directory.emptyDir().render(values));
    }

    /** The names of the containers that the profile adds to this Pod. */
    private static Set<String> present(Set<String> names, List<CompanionDraft> companions) {
        return companions.stream()
                .map(companion -> companion.template().name())
                .filter(names::contains)
                .collect(Collectors.toUnmodifiableSet());
    }

    private Map<String, JsonNode> rendered(Map<String, Template> templates) throws EvaluationException {
        Map<String, JsonNode> trees = new LinkedHashMap<>();
        for (Map.Entry<String, Template> template : templates.entrySet()) {
            trees.put(template.getKey(), template.getValue().render(variables));
        }
        return trees;
    }
}
