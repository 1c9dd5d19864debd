package dev.pillion.catalog;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** A list of endpoints, each with a name that no other of them has. */
final class Endpoints {

    private static final Pattern TARGET_SEPARATORS = Pattern.compile("[,\\s]+");

    /** Each becomes a container of its own, and a Pod with so many is none that a node would run. */
    private static final int MAX_ENDPOINTS = 100;

    private Endpoints() {}

    static ArrayNode parse(String text) throws InvalidValueException {
        List<String> targets = targets(text);
        if (targets.size() > MAX_ENDPOINTS) {
            throw new InvalidValueException(
                    "names " + targets.size() + " targets; at most " + MAX_ENDPOINTS + " are allowed");
        }
        ArrayNode endpoints = JsonNodeFactory.instance.arrayNode();
        Set<String> names = new HashSet<>();
        for (String target : targets) {
            Endpoint endpoint = Endpoint.parse(target);
            endpoints.add(endpoint.toJson(unused(endpoint.slug(), names)));
        }
        return endpoints;
    }

    /** A label selector may have commas of its own. */
    private static List<String> targets(String text) {
        List<String> targets = new ArrayList<>();
        for (String part : TARGET_SEPARATORS.split(text)) {
            if (!targets.isEmpty() && Endpoint.continues(targets.getLast(), part)) {
                targets.add(targets.removeLast() + "," + part);
            } else if (!part.isEmpty()) {
                targets.add(part);
            }
        }
        return targets;
    }

    /** Room is left for the prefix that a profile puts before it. */
    private static String unused(String wanted, Set<String> used) {
        String name = DnsLabel.shortened(wanted, 40);
        for (int again = 2; !used.add(name); again++) {
            name = DnsLabel.shortened(wanted, 40) + "-" + again;
        }
        return name;
    }
}
