package dev.pillion.injection.render;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.catalog.ContainerTemplate;
import dev.pillion.catalog.ContainerTemplate.Repeat;
import dev.pillion.catalog.Parameter;
import dev.pillion.expression.EvaluationException;
import dev.pillion.expression.Excerpt;
import dev.pillion.expression.Values;
import dev.pillion.expression.Variables;
import dev.pillion.injection.plan.Plan.ParameterValue;
import dev.pillion.injection.plan.RenderedProfile.Chosen;
import dev.pillion.injection.plan.ResultBudget;
import dev.pillion.injection.reason.DeniedException;
import dev.pillion.injection.reason.ReasonCode;
import dev.pillion.pod.DnsLabel;
import dev.pillion.pod.ReviewLimits;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Renders the containers of one profile.
 *
 * @param nativeSidecars whether sidecars are init containers with {@code restartPolicy: Always}
 */
record CompanionRenderer(
        Chosen chosen,
        Map<String, ParameterValue> parameters,
        Variables variables,
        boolean nativeSidecars,
        InstanceNames names,
        CompanionFiles files,
        ResultBudget budget) {

    List<CompanionDraft> render() throws EvaluationException, DeniedException {
        List<CompanionDraft> companions = new ArrayList<>();
        List<ContainerTemplate> templates = chosen.profile().containers();
        for (int index = 0; index < templates.size(); index++) {
            render(templates.get(index), index, companions);
        }
        return companions;
    }

    private void render(ContainerTemplate template, int index, List<CompanionDraft> companions)
            throws EvaluationException, DeniedException {
        if (template.forEach().isEmpty()) {
            render(template, index, 0, variables).ifPresent(companions::add);
            return;
        }
        Repeat repeat = template.forEach().get();
        JsonNode elements = elements(repeat, ReviewLimits.ELEMENTS);
        for (int element = 0; element < elements.size(); element++) {
            JsonNode value = elements.get(element);
            render(template, index, element, variables.with(repeat.variable(), () -> Values.ofJson(value)))
                    .ifPresent(companions::add);
        }
    }

    /** The elements that a container or a directory is repeated for. */
    JsonNode elements(Repeat repeat, int limit) throws EvaluationException, DeniedException {
        JsonNode elements = repeat.elements().evaluate(variables);
        if (elements.size() > limit) {
            throw DeniedException.of(
                    chosen.request(),
                    ReasonCode.TOO_LARGE,
                    repeat.elements() + " has " + elements.size() + " elements; at most " + limit + " are allowed");
        }
        return elements;
    }

    private Optional<CompanionDraft> render(ContainerTemplate template, int index, int element, Variables values)
            throws EvaluationException, DeniedException {
        if (template.when().isPresent() && !template.when().get().isTrue(values)) {
            return Optional.empty();
        }
        budget.addContainer(chosen.request());
        ObjectNode tree = (ObjectNode) template.body().render(values);
        budget.add(tree, chosen.request());
        names.renameContainer(tree);
        CompanionDraft companion =
                new CompanionDraft(template, element, index, order(template, values), new ContainerTree(tree));
        if (!DnsLabel.isValid(companion.name())) {
            throw DeniedException.of(
                    chosen.request(),
                    ReasonCode.EXPRESSION_FAILED,
                    "'" + Excerpt.of(companion.name())
                            + "' cannot be a container's name, which has at most 63 lower-case letters, digits and hyphens");
        }
        SystemDirectories.check(chosen, template, tree);
        overrideResources(tree);
        if (template.isSidecar() && nativeSidecars) {
            tree.put("restartPolicy", "Always");
        }
        files.addTo(companion, values);
        return Optional.of(companion);
    }

    private void overrideResources(ObjectNode companion) throws DeniedException {
        Optional<Parameter> parameter = chosen.profile().resourcesParameter();
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
}
