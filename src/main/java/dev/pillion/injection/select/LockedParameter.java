package dev.pillion.injection.select;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.catalog.InstanceName;
import dev.pillion.catalog.Parameter;
import dev.pillion.catalog.parameter.InvalidValueException;
import dev.pillion.expression.Excerpt;
import dev.pillion.injection.reason.DeniedException;
import dev.pillion.injection.reason.ProfileRequest;
import dev.pillion.injection.reason.ReasonCode;
import dev.pillion.injection.select.EffectivePolicies.Setting;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A parameter whose value a policy sets and an annotation cannot change. */
record LockedParameter(ProfileRequest request, Parameter parameter, Setting setting) {

    /** A denial if an annotation sets another value than the policy does. */
    Optional<DeniedException> otherValue(Requests.Value value) {
        try {
            if (parameter.parse(value.text()).equals(setting.value())) {
                return Optional.empty();
            }
        } catch (InvalidValueException e) {
            // An invalid value differs from the value of the policy.
        }
        return Optional.of(DeniedException.ofValue(
                request,
                ReasonCode.LOCKED_PARAMETER,
                value.annotation(),
                "policy " + setting.policy().name() + " sets '" + parameter.name() + "' to "
                        + Excerpt.of(text(setting.value())) + ", and it cannot be changed; remove the annotation"
                        + remedyForInstance()));
    }

    /** A policy can lock a parameter for all instances of a profile. If a policy names an instance, only that policy applies to it. */
    private String remedyForInstance() {
        boolean named = setting.policy().grants().stream()
                .anyMatch(grant -> grant.name().equals(request.profile()));
        return InstanceName.of(request.profile())
                .filter(each -> !named)
                .map(each -> ", or have the platform team name instance '" + each.instance() + "' in a policy")
                .orElse("");
    }

    /** The value in the form of an annotation. */
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
}
