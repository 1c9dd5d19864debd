package dev.pillion.injection.render;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.catalog.ContainerTemplate;
import dev.pillion.catalog.ContainerTemplate.FileTemplate;
import dev.pillion.catalog.ContainerTemplate.Repeat;
import dev.pillion.catalog.Parameter;
import dev.pillion.catalog.Profile;
import dev.pillion.catalog.SharedDirectory;
import dev.pillion.expression.EvaluationException;
import dev.pillion.expression.Excerpt;
import dev.pillion.expression.Expression;
import dev.pillion.expression.Template;
import dev.pillion.expression.Values;
import dev.pillion.expression.Variables;
import dev.pillion.injection.plan.Plan.ParameterValue;
import dev.pillion.injection.plan.RenderedProfile;
import dev.pillion.injection.plan.RenderedProfile.Chosen;
import dev.pillion.injection.plan.RenderedProfile.Companion;
import dev.pillion.injection.plan.RenderedProfile.Share;
import dev.pillion.injection.plan.ResultBudget;
import dev.pillion.injection.reason.Annotations;
import dev.pillion.injection.reason.DeniedException;
import dev.pillion.injection.reason.ReasonCode;
import dev.pillion.pod.Container;
import dev.pillion.pod.DnsLabel;
import dev.pillion.pod.ReviewLimits;
import dev.pillion.pod.VolumeMount;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Renders one profile for one Pod. */
public final class Renderer {

    /** The name of a volume of files starts with it. */
    public static final String FILES_VOLUME = "pillion-files-";

    private final Chosen chosen;
    private final Profile profile;
    private final Map<String, ParameterValue> parameters;
    private final Variables variables;
    private final List<Container> targets;
    private final boolean nativeSidecars;
    private final List<JsonNode> volumes = new ArrayList<>();
    private final Map<String, String> files = new LinkedHashMap<>();
    private final ResultBudget budget;
    private final InstanceNames names;

    /**
     * @param variables {@code params} among them
     * @param targets the app's containers that the profile adds to; companions inherit from the first one
     * @param budget of all profiles for the Pod
     */
    Renderer(
            Chosen chosen,
            Map<String, ParameterValue> parameters,
            Variables variables,
            List<Container> targets,
            boolean nativeSidecars,
            ResultBudget budget) {
        this.chosen = chosen;
        this.profile = chosen.profile();
        this.parameters = parameters;
        this.variables = variables;
        this.targets = targets;
        this.nativeSidecars = nativeSidecars;
        this.budget = budget;
        this.names = new InstanceNames(chosen);
    }

    RenderedProfile render() throws DeniedException {
        try {
            List<Companion> companions = new ArrayList<>();
            for (int index = 0; index < profile.containers().size(); index++) {
                companions.addAll(companions(profile.containers().get(index), index));
            }
            for (Template volume : profile.volumes()) {
                JsonNode tree = volume.render(variables);
                budget.add(tree, chosen.request());
                volumes.add(names.volume(tree));
            }
            List<Share> shares = new ArrayList<>();
            for (SharedDirectory directory : profile.sharedDirectories()) {
                shares.addAll(shares(directory, companions));
            }
            names.renameMounts(companions);
            Map<String, JsonNode> app = rendered(profile.app());
            app.computeIfPresent("volumeMounts", (field, mounts) -> names.mounts(mounts));
            return new RenderedProfile(
                    chosen, targets, parameters, companions, volumes, shares, app, rendered(profile.pod()), files);
        } catch (EvaluationException e) {
            throw failed(e);
        }
    }

    private List<Companion> companions(ContainerTemplate template, int place)
            throws EvaluationException, DeniedException {
        List<Companion> companions = new ArrayList<>();
        if (template.forEach().isEmpty()) {
            companion(template, place, 0, variables).ifPresent(companions::add);
            return companions;
        }
        Repeat repeat = template.forEach().get();
        JsonNode elements = elements(repeat, ReviewLimits.ELEMENTS);
        for (int index = 0; index < elements.size(); index++) {
            JsonNode element = elements.get(index);
            companion(template, place, index, variables.with(repeat.variable(), () -> Values.ofJson(element)))
                    .ifPresent(companions::add);
        }
        return companions;
    }

    private JsonNode elements(Repeat repeat, int limit) throws EvaluationException, DeniedException {
        JsonNode elements = repeat.elements().evaluate(variables);
        if (elements.size() > limit) {
            throw DeniedException.of(
                    chosen.request(),
                    ReasonCode.TOO_LARGE,
                    repeat.elements() + " has " + elements.size() + " elements; at most " + limit + " are allowed");
        }
        return elements;
    }

    private Optional<Companion> companion(ContainerTemplate template, int place, int element, Variables values)
            throws EvaluationException, DeniedException {
        if (!holds(template.when(), values)) {
            return Optional.empty();
        }
        budget.addContainer(chosen.request());
        ObjectNode tree = (ObjectNode) template.body().render(values);
        budget.add(tree, chosen.request());
        names.renameContainer(tree);
        Companion companion = new Companion(chosen, template, element, place, order(template, values), tree);
        if (!DnsLabel.isValid(companion.name())) {
            throw DeniedException.of(
                    chosen.request(),
                    ReasonCode.EXPRESSION_FAILED,
                    "'" + Excerpt.of(companion.name())
                            + "' cannot be a container's name, which has at most 63 small letters, digits and hyphens");
        }
        SystemDirectories.check(chosen, template, tree);
        overrideResources(tree);
        if (template.isSidecar() && nativeSidecars) {
            tree.put("restartPolicy", "Always");
        }
        addFiles(companion, values);
        return Optional.of(companion);
    }

    private void overrideResources(ObjectNode companion) throws DeniedException {
        Optional<Parameter> parameter = profile.resourcesParameter();
        @Nullable
        ParameterValue value =
                parameter.isPresent() ? parameters.get(parameter.get().name()) : null;
        if (parameter.isPresent() && value != null) {
            new ResourceOverride(chosen.request(), parameter.get(), value).applyTo(companion);
        }
    }

    private static int order(ContainerTemplate template, Variables values) throws EvaluationException {
        return template.orderOf().isEmpty()
                ? template.order()
                : template.orderOf().get().evaluate(values).asInt();
    }

    /** Each file's content goes into an annotation of its own; each directory becomes one downward API volume. */
    private void addFiles(Companion companion, Variables values) throws EvaluationException, DeniedException {
        Map<String, ObjectNode> directories = new LinkedHashMap<>();
        for (FileTemplate file : companion.template().files()) {
            if (!holds(file.when(), values)) {
                continue;
            }
            String path = file.path().render(values).asText();
            JsonNode content = file.content().render(values);
            // The name part of an annotation has at most 63 characters.
            String annotation = Annotations.FILE_PREFIX + DnsLabel.shortened(companion.name(), 50) + "." + files.size();
            String text = content.isTextual() ? content.textValue() : content.toString();
            budget.addText(text, chosen.request());
            files.put(annotation, text);
            String directory = path.substring(0, path.lastIndexOf('/'));
            directories
                    .computeIfAbsent(directory, mounted -> fileVolume(companion, mounted, directories.size()))
                    .withObject("/downwardAPI")
                    .withArray("/items")
                    .addObject()
                    .put("path", path.substring(path.lastIndexOf('/') + 1))
                    .putObject("fieldRef")
                    // As the API server would default it.
                    .put("apiVersion", "v1")
                    .put("fieldPath", "metadata.annotations['" + annotation + "']");
        }
        volumes.addAll(directories.values());
    }

    private static ObjectNode fileVolume(Companion companion, String directory, int count) {
        String suffix = count == 0 ? "" : "-" + count;
        String name =
                DnsLabel.shortened(FILES_VOLUME + companion.name(), DnsLabel.MAX_LENGTH - suffix.length()) + suffix;
        companion.mount(JsonNodeFactory.instance
                .objectNode()
                .put("name", name)
                .put("mountPath", directory)
                .put("readOnly", true));
        return JsonNodeFactory.instance.objectNode().put("name", name);
    }

    private List<Share> shares(SharedDirectory directory, List<Companion> companions)
            throws EvaluationException, DeniedException {
        if (directory.forEach().isEmpty()) {
            return List.of(share(directory, variables, companions));
        }
        List<Share> shares = new ArrayList<>();
        Repeat repeat = directory.forEach().get();
        for (JsonNode element : elements(repeat, ReviewLimits.PATHS)) {
            shares.add(share(directory, variables.with(repeat.variable(), () -> Values.ofJson(element)), companions));
        }
        return shares;
    }

    private Share share(SharedDirectory directory, Variables variables, List<Companion> companions)
            throws EvaluationException, DeniedException {
        String path = VolumeMount.directory(directory.path().render(variables).asText());
        String volume = directory.name().isPresent()
                ? names.volumeName(directory.name().get().render(variables).asText())
                : SharedDirectories.volumeName(path);
        return new Share(
                chosen,
                targets,
                path,
                volume,
                called(directory.readers(), companions),
                called(directory.writers(), companions),
                directory.emptyDir().render(variables));
    }

    private static List<Companion> called(Set<String> names, List<Companion> companions) {
        List<Companion> called = new ArrayList<>();
        for (Companion companion : companions) {
            if (names.contains(companion.template().name())) {
                called.add(companion);
            }
        }
        return called;
    }

    private Map<String, JsonNode> rendered(Map<String, Template> templates) throws EvaluationException {
        Map<String, JsonNode> trees = new LinkedHashMap<>();
        for (Map.Entry<String, Template> template : templates.entrySet()) {
            trees.put(template.getKey(), template.getValue().render(variables));
        }
        return trees;
    }

    private static boolean holds(Optional<Expression> condition, Variables values) throws EvaluationException {
        return condition.isEmpty() || condition.get().holds(values);
    }

    private DeniedException failed(EvaluationException e) {
        return DeniedException.of(chosen.request(), e, "it cannot be rendered for this Pod: ");
    }
}
