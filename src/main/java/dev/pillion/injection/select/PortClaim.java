package dev.pillion.injection.select;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** A port, or a port's name, that only one container of a Pod can have, since all containers share one network. */
public sealed interface PortClaim {

    /** The order in maps. A hash map of many keys with the same hash takes quadratic time, unless the keys have an order. */
    Comparator<PortClaim> ORDER = Comparator.comparing(
                    (PortClaim claim) -> claim.getClass().getName())
            .thenComparing(PortClaim::protocol)
            .thenComparing(PortClaim::value)
            .thenComparing(claim -> claim instanceof HostPort port ? port.address() : "");

    String protocol();

    /** A port to listen on. TCP and UDP have separate ports. */
    record Port(String protocol, int number) implements PortClaim {}

    /** A port of the node. The API server rejects a Pod that declares one twice. */
    record HostPort(String protocol, String address, int number) implements PortClaim {}

    /** A port's name. A Service whose {@code targetPort} is a name finds only the first container with it (Kubernetes, {@code FindPort}). */
    record Name(String protocol, String name) implements PortClaim {}

    /** The claims of an element of a container's {@code ports}. */
    static List<PortClaim> of(JsonNode port) {
        List<PortClaim> claims = new ArrayList<>(3);
        String protocol = text(port, "protocol");
        if (protocol.isEmpty()) {
            protocol = "TCP";
        }
        int number = port.path("containerPort").asInt();
        if (number > 0) {
            claims.add(new Port(protocol, number));
        }
        int ofNode = port.path("hostPort").asInt();
        if (ofNode > 0) {
            claims.add(new HostPort(protocol, text(port, "hostIP"), ofNode));
        }
        String name = text(port, "name");
        if (!name.isEmpty()) {
            claims.add(new Name(protocol, name));
        }
        return claims;
    }

    private static String text(JsonNode owner, String field) {
        return owner.hasNonNull(field) ? owner.path(field).asText() : "";
    }

    /** The number or the name, in the form of a parameter. */
    default String value() {
        return switch (this) {
            case Port port -> String.valueOf(port.number());
            case HostPort port -> String.valueOf(port.number());
            case Name name -> name.name();
        };
    }
}
