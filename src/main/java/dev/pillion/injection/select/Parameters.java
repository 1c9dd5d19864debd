package dev.pillion.injection.select;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.catalog.InstanceName;
import dev.pillion.catalog.Parameter;
import dev.pillion.catalog.parameter.InvalidValueException;
import dev.pillion.expression.EvaluationException;
import dev.pillion.expression.Excerpt;
import dev.pillion.expression.Template;
import dev.pillion.expression.Values;
import dev.pillion.expression.Variables;
import dev.pillion.injection.plan.ParameterSource;
import dev.pillion.injection.plan.Plan.ParameterValue;
import dev.pillion.injection.plan.RenderedProfile.Chosen;
import dev.pillion.injection.reason.DenialCollector;
import dev.pillion.injection.reason.DeniedException;
import dev.pillion.injection.reason.ProfileRequest;
import dev.pillion.injection.reason.ReasonCode;
import dev.pillion.injection.select.EffectivePolicies.Enforcement;
import dev.pillion.injection.select.EffectivePolicies.Setting;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds the value of each of a profile's parameters: what an annotation sets, or the default. */
public final class Parameters {

    private Parameters() {}

    /**
     * The values; a parameter that is neither set nor required and has no default has none.
     *
     * @param set what annotations say
     * @param settings what policies say: what they lock stands, and the rest gives way to an annotation
     * @param enforcement the policy that enforces the profile
     */
    public static Map<String, ParameterValue> resolve(
            Chosen chosen,
            Map<String, Requests.Value> set,
            Map<String, Setting> settings,
            Optional<Enforcement> enforcement,
            Variables variables)
            throws DeniedException {
        DenialCollector mistakes = new DenialCollector();
        PodOverrides overrides = new PodOverrides(chosen, settings, enforcement);
        overrides.check(set, mistakes);
        Map<String, ParameterValue> values = new LinkedHashMap<>();
        for (Parameter parameter : chosen.profile().parameters().values()) {
            Requests.Value value = set.get(parameter.name());
            @Nullable Setting setting = settings.get(parameter.name());
            if (setting != null && (setting.locked() || value == null)) {
                if (value != null) {
                    refuseOther(chosen.request(), parameter, value, setting).ifPresent(mistakes::add);
                }
                values.put(
                        parameter.name(),
                        new ParameterValue(
                                setting.value(),
                                new ParameterSource.PolicyValue(setting.policy().name())));
            } else if (value != null) {
                try {
                    values.put(
                            parameter.name(),
                            new ParameterValue(
                                    parse(chosen.request(), parameter, value),
                                    new ParameterSource.Annotation(value.annotation())));
                } catch (DeniedException denial) {
                    mistakes.add(denial);
                }
            } else if (parameter.defaultValue().isPresent()) {
                // A default may use the parameters before it: after a mistake, what fails is its consequence.
                if (mistakes.isEmpty()) {
                    try {
                        defaultValue(
                                        chosen.request(),
                                        parameter,
                                        overrides,
                                        variables.with("params", () -> asMap(values)))
                                .ifPresent(found -> values.put(
                                        parameter.name(), new ParameterValue(found, new ParameterSource.Default())));
                    } catch (DeniedException denial) {
                        mistakes.add(denial);
                    }
                }
            } else if (parameter.required()) {
                mistakes.add(DeniedException.of(
                        chosen.request(),
                        ReasonCode.MISSING_PARAMETER,
                        "its parameter '" + parameter.name() + "' needs a value; "
                                + chosen.request().remedyFor(parameter.name(), overrides.allow(parameter))
                                + (parameter.description().isEmpty() ? "" : " (" + parameter.description() + ")")));
            }
        }
        mistakes.check();
        return values;
    }

    /** Finds the mistakes in what annotations set, where the other values cannot be worked out because of another mistake. */
    public static void checkAnnotations(
            Chosen chosen,
            Map<String, Requests.Value> set,
            Map<String, Setting> settings,
            Optional<Enforcement> enforcement,
            DenialCollector mistakes) {
        new PodOverrides(chosen, settings, enforcement).check(set, mistakes);
        for (Parameter parameter : chosen.profile().parameters().values()) {
            Requests.Value value = set.get(parameter.name());
            @Nullable Setting setting = settings.get(parameter.name());
            if (value != null && setting != null && setting.locked()) {
                refuseOther(chosen.request(), parameter, value, setting).ifPresent(mistakes::add);
            } else if (value != null) {
                try {
                    parse(chosen.request(), parameter, value);
                } catch (DeniedException denial) {
                    mistakes.add(denial);
                }
            }
        }
    }

    /** An annotation may say again what a policy has locked, and nothing else. */
    private static Optional<DeniedException> refuseOther(
            ProfileRequest request, Parameter parameter, Requests.Value value, Setting setting) {
        try {
            if (parameter.parse(value.text()).equals(setting.value())) {
                return Optional.empty();
            }
        } catch (InvalidValueException e) {
            // It is not what the policy says.
        }
        return Optional.of(DeniedException.ofValue(
                request,
                ReasonCode.LOCKED_PARAMETER,
                value.annotation(),
                "policy " + setting.policy().name() + " sets '" + parameter.name() + "' to "
                        + Excerpt.of(text(setting.value())) + ", and it cannot be changed; leave the annotation out"
                        + byAnotherPolicy(request, setting)));
    }

    /** What a policy locks for all instances of a profile, it does not lock for one that a policy names. */
    private static String byAnotherPolicy(ProfileRequest request, Setting setting) {
        boolean named = setting.policy().grants().stream()
                .anyMatch(grant -> grant.name().equals(request.profile()));
        return InstanceName.of(request.profile())
                .filter(each -> !named)
                .map(each -> ", or have the platform team name instance '" + each.instance() + "' in a policy")
                .orElse("");
    }

    /** As an annotation would say it. */
    private static String text(JsonNode value) {
        if (!value.isArray()) {
            return value.isValueNode() ? value.asText() : value.toString();
        }
        List<String> elements = new ArrayList<>();
        for (JsonNode element : value) {
            if (!element.isTextual() || element.textValue().contains(",")) {
                return value.toString();
            }
            elements.add(element.textValue());
        }
        return String.join(", ", elements);
    }

    /** The values as expressions see them under {@code params}. */
    public static Object asMap(Map<String, ParameterValue> values) {
        ObjectNode map = JsonNodeFactory.instance.objectNode();
        values.forEach((name, value) -> map.set(name, value.value()));
        return Values.ofJson(map);
    }

    private static JsonNode parse(ProfileRequest request, Parameter parameter, Requests.Value value)
            throws DeniedException {
        if (!parameter.overridable()) {
            throw DeniedException.ofValue(
                    request,
                    ReasonCode.LOCKED_PARAMETER,
                    value.annotation(),
                    "the platform team has locked '" + parameter.name() + "'; remove the annotation");
        }
        if (parameter.required() && value.text().isBlank()) {
            throw DeniedException.ofValue(request, ReasonCode.INVALID_VALUE, value.annotation(), "the value is empty");
        }
        try {
            return parameter.parse(value.text());
        } catch (InvalidValueException e) {
            throw DeniedException.ofValue(request, code(e), value.annotation(), "the value " + e.getMessage());
        }
    }

    private static ReasonCode code(InvalidValueException e) {
        return e.tooLarge() ? ReasonCode.TOO_LARGE : ReasonCode.INVALID_VALUE;
    }

    private static Optional<JsonNode> defaultValue(
            ProfileRequest request, Parameter parameter, PodOverrides overrides, Variables variables)
            throws DeniedException {
        Template template = parameter.defaultValue().orElseThrow();
        if (template instanceof Template.Constant(JsonNode value)) {
            return value.isMissingNode() ? Optional.empty() : Optional.of(value);
        }
        try {
            JsonNode value = template.render(variables);
            return value.isMissingNode() ? Optional.empty() : Optional.of(parameter.read(value));
        } catch (EvaluationException e) {
            throw DeniedException.of(
                    request,
                    e.tooLarge() ? ReasonCode.TOO_LARGE : ReasonCode.MISSING_PARAMETER,
                    "its parameter '" + parameter.name() + "' cannot be derived from the Pod: " + e.getMessage() + "; "
                            + request.remedyFor(parameter.name(), overrides.allow(parameter)));
        } catch (InvalidValueException e) {
            throw DeniedException.of(
                    request,
                    code(e),
                    "its parameter '" + parameter.name() + "', as derived from the Pod, " + e.getMessage() + "; "
                            + request.remedyFor(parameter.name(), overrides.allow(parameter)));
        }
    }
}
