package dev.pillion.injection.select;

import dev.pillion.expression.Template;
import dev.pillion.injection.plan.Plan.ParameterValue;
import dev.pillion.injection.plan.RenderedProfile;
import dev.pillion.injection.plan.RenderedProfile.Companion;
import dev.pillion.injection.reason.ProfileRequest;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A port, or a port's name, that a companion needs and another container of the Pod uses.
 *
 * @param container the other container
 * @param use how the other container uses it
 */
public record PortConflict(Companion companion, PortClaim claim, String container, Use use) {

    /** How a container uses a port or a name. */
    sealed interface Use {

        /** The container declares it in {@code ports}. */
        record Declared() implements Use {}

        /** A probe or a lifecycle hook of the container calls it. */
        record Called(String caller) implements Use {}

        /** The container is a known sidecar that does not declare all its ports. */
        record Known() implements Use {}
    }

    /** A description of the conflict, without the remedy. */
    @Override
    public String toString() {
        return switch (claim) {
            case PortClaim.Port _, PortClaim.HostPort _ ->
                user() + ", which the profile's container '" + companion.name() + "' needs";
            case PortClaim.Name _ ->
                "container '" + container + "' has a port named '" + claim.value()
                        + "', which a Service's targetPort finds instead of the one of the profile's container '"
                        + companion.name() + "'";
        };
    }

    private String user() {
        String port = "port " + claim.value() + (claim instanceof PortClaim.HostPort ? " of the node" : "");
        return switch (use) {
            case Use.Declared _ -> "container '" + container + "' declares " + port;
            case Use.Called(String caller) -> caller + " of container '" + container + "' calls " + port;
            case Use.Known _ -> "container '" + container + "' listens on " + port;
        };
    }

    /** What the reader of the message can do. */
    public String remedy(RenderedProfile rendered, PodOverrides overrides) {
        String another = claim instanceof PortClaim.Name ? "for another name, " : "for another port, ";
        ProfileRequest request = rendered.chosen().request();
        return another
                + parameter(rendered.parameters())
                        .map(name -> request.remedyFor(
                                name,
                                overrides.allow(Objects.requireNonNull(
                                        rendered.profile().parameters().get(name)))))
                        .orElse("ask the platform team");
    }

    /** The parameter of the profile that sets the port or the name; empty if the profile fixes or derives it. */
    private Optional<String> parameter(Map<String, ParameterValue> values) {
        if (!(companion.template().body() instanceof Template.Fields(Map<String, Template> fields))
                || !(fields.get("ports") instanceof Template ports)) {
            return Optional.empty();
        }
        return ports.expressions()
                .flatMap(expression -> expression.paths().stream())
                .filter(path -> path.variable().equals("params"))
                .flatMap(path -> path.field().stream())
                .filter(name -> values.get(name) instanceof ParameterValue value
                        && value.value().asText().equals(claim.value()))
                .findFirst();
    }
}
