package dev.pillion.catalog.parameter;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.pillion.pod.DnsLabel;
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

    /** Of one of them: the URLs and label selectors that people write are much shorter. */
    private static final int MAX_LENGTH = 2_048;

    private Endpoints() {}

    static ArrayNode parse(String text) throws InvalidValueException {
        List<String> targets = targets(text);
        if (targets.size() > MAX_ENDPOINTS) {
            throw InvalidValueException.tooLarge(
                    "names " + targets.size() + " targets; at most " + MAX_ENDPOINTS + " are allowed");
        }
        ArrayNode endpoints = JsonNodeFactory.instance.arrayNode();
        Set<String> names = new HashSet<>();
        for (String target : targets) {
            if (target.length() > MAX_LENGTH) {
                throw InvalidValueException.tooLarge("names a target of " + target.length() + " characters; at most "
                        + MAX_LENGTH + " are allowed: " + ScalarForms.quoted(target));
            }
            Endpoint endpoint = Endpoint.parse(target);
            endpoints.add(endpoint.toJson(unused(endpoint.slug(), names)));
        }
        return endpoints;
    }

    /** A label selector may have commas of its own. */
    private static List<String> targets(String text) {
        List<String> targets = new ArrayList<>();
        StringBuilder target = new StringBuilder();
        for (String part : TARGET_SEPARATORS.split(text)) {
            if (Endpoint.continues(target, part)) {
                target.append(',').append(part);
            } else if (!part.isEmpty()) {
                flush(target, targets);
                target.append(part);
            }
        }
        flush(target, targets);
        return targets;
    }

    private static void flush(StringBuilder target, List<String> targets) {
        if (!target.isEmpty()) {
            targets.add(target.toString());
            target.setLength(0);
        }
    }

    /** Room is left for the prefix that a profile puts before it. */
    private static String unused(String wanted, Set<String> used) {
        String first = DnsLabel.shortened(wanted, 40);
        String name = first;
        for (int again = 2; !used.add(name); again++) {
            name = first + "-" + again;
        }
        return name;
    }
}
