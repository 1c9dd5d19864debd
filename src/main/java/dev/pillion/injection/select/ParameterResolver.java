package dev.pillion.injection.select;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.catalog.Parameter;
import dev.pillion.catalog.parameter.InvalidValueException;
import dev.pillion.expression.EvaluationException;
import dev.pillion.expression.Template;
import dev.pillion.expression.Values;
import dev.pillion.expression.Variables;
import dev.pillion.injection.plan.ParameterSource;
import dev.pillion.injection.plan.Plan.ParameterValue;
import dev.pillion.injection.plan.RenderedProfile.Chosen;
import dev.pillion.injection.reason.DenialCollector;
import dev.pillion.injection.reason.DeniedException;
import dev.pillion.injection.reason.ReasonCode;
import dev.pillion.injection.select.EffectivePolicies.Enforcement;
import dev.pillion.injection.select.EffectivePolicies.Setting;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds the value of each parameter of a profile: from an annotation, from a policy, or from its default.
 *
 * @param annotations values that annotations set, by parameter
 * @param settings values that policies set, by parameter
 * @param overrides which parameters the Pod may set
 */
public record ParameterResolver(
        Chosen chosen, Map<String, Requests.Value> annotations, Map<String, Setting> settings, PodOverrides overrides) {

    /** @param enforcement the policy that decides which parameters the Pod may set */
    public ParameterResolver(
            Chosen chosen,
            Map<String, Requests.Value> annotations,
            Map<String, Setting> settings,
            Optional<Enforcement> enforcement) {
        this(chosen, annotations, settings, new PodOverrides(chosen, settings, enforcement));
    }

    /** The values, by parameter. A parameter that is neither set nor required and has no default has no value. */
    public Map<String, ParameterValue> resolve(Variables variables) throws DeniedException {
        DenialCollector mistakes = new DenialCollector();
        overrides.check(annotations, mistakes);
        Map<String, ParameterValue> values = new LinkedHashMap<>();
        for (Parameter parameter : chosen.profile().parameters().values()) {
            try {
                value(parameter, values, variables, mistakes).ifPresent(value -> values.put(parameter.name(), value));
            } catch (DeniedException denial) {
                mistakes.add(denial);
            }
        }
        mistakes.check();
        return values;
    }

    /** @param values of the parameters before this one */
    private Optional<ParameterValue> value(
            Parameter parameter, Map<String, ParameterValue> values, Variables variables, DenialCollector mistakes)
            throws DeniedException {
        Requests.Value value = annotations.get(parameter.name());
        @Nullable Setting setting = settings.get(parameter.name());
        if (setting != null && (setting.locked() || value == null)) {
            if (value != null) {
                new LockedParameter(chosen.request(), parameter, setting)
                        .otherValue(value)
                        .ifPresent(mistakes::add);
            }
            return Optional.of(new ParameterValue(
                    setting.value(),
                    new ParameterSource.PolicyValue(setting.policy().name())));
        }
        if (value != null) {
            return Optional.of(
                    new ParameterValue(parse(parameter, value), new ParameterSource.Annotation(value.annotation())));
        }
        if (parameter.defaultValue().isPresent()) {
            // A default can use the parameters before it: after a mistake, it would fail as well.
            return mistakes.isEmpty()
                    ? defaultValue(parameter, variables.with("params", () -> asMap(values)))
                            .map(found -> new ParameterValue(found, new ParameterSource.Default()))
                    : Optional.empty();
        }
        if (parameter.required()) {
            throw missing(parameter);
        }
        return Optional.empty();
    }

    private DeniedException missing(Parameter parameter) {
        return DeniedException.of(
                chosen.request(),
                ReasonCode.MISSING_PARAMETER,
                "its parameter '" + parameter.name() + "' needs a value; "
                        + chosen.request().remedyFor(parameter.name(), overrides.allow(parameter))
                        + (parameter.description().isEmpty() ? "" : " (" + parameter.description() + ")"));
    }

    /** Finds the mistakes in annotations alone, when another mistake makes it impossible to resolve all parameters. */
    public void checkAnnotations(DenialCollector mistakes) {
        overrides.check(annotations, mistakes);
        for (Parameter parameter : chosen.profile().parameters().values()) {
            Requests.Value value = annotations.get(parameter.name());
            @Nullable Setting setting = settings.get(parameter.name());
            if (value != null && setting != null && setting.locked()) {
                new LockedParameter(chosen.request(), parameter, setting)
                        .otherValue(value)
                        .ifPresent(mistakes::add);
            } else if (value != null) {
                try {
                    parse(parameter, value);
                } catch (DeniedException denial) {
                    mistakes.add(denial);
                }
            }
        }
    }

    /** The variable {@code params} of expressions. */
    public static Object asMap(Map<String, ParameterValue> values) {
        ObjectNode map = JsonNodeFactory.instance.objectNode();
        values.forEach((name, value) -> map.set(name, value.value()));
        return Values.ofJson(map);
    }

    private JsonNode parse(Parameter parameter, Requests.Value value) throws DeniedException {
        if (!parameter.overridable()) {
            throw DeniedException.ofValue(
                    chosen.request(),
                    ReasonCode.LOCKED_PARAMETER,
                    value.annotation(),
                    "the platform team has locked '" + parameter.name() + "'; remove the annotation");
        }
        if (parameter.required() && value.text().isBlank()) {
            throw DeniedException.ofValue(
                    chosen.request(), ReasonCode.INVALID_VALUE, value.annotation(), "the value is empty");
        }
        try {
            return parameter.parse(value.text());
        } catch (InvalidValueException e) {
            throw DeniedException.ofValue(chosen.request(), code(e), value.annotation(), "the value " + e.getMessage());
        }
    }

    private static ReasonCode code(InvalidValueException e) {
        return e.tooLarge() ? ReasonCode.TOO_LARGE : ReasonCode.INVALID_VALUE;
    }

    private Optional<JsonNode> defaultValue(Parameter parameter, Variables variables) throws DeniedException {
        Template template = parameter.defaultValue().orElseThrow();
        if (template instanceof Template.Constant(JsonNode value)) {
            return value.isMissingNode() ? Optional.empty() : Optional.of(value);
        }
        try {
            JsonNode value = template.render(variables);
            return value.isMissingNode() ? Optional.empty() : Optional.of(parameter.read(value));
        } catch (EvaluationException e) {
            throw DeniedException.of(
                    chosen.request(),
                    e.tooLarge() ? ReasonCode.TOO_LARGE : ReasonCode.MISSING_PARAMETER,
                    "its parameter '" + parameter.name() + "' cannot be derived from the Pod: " + e.getMessage() + "; "
                            + chosen.request().remedyFor(parameter.name(), overrides.allow(parameter)));
        } catch (InvalidValueException e) {
            throw DeniedException.of(
                    chosen.request(),
                    code(e),
                    "its parameter '" + parameter.name() + "', as derived from the Pod, " + e.getMessage() + "; "
                            + chosen.request().remedyFor(parameter.name(), overrides.allow(parameter)));
        }
    }
}
