package dev.pillion.catalog.parameter;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.pillion.pod.DnsLabel;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads lists of endpoints and gives each endpoint a unique name. */
final class Endpoints {

    private static final Pattern TARGET_SEPARATORS = Pattern.compile("[,\\s]+");

    /** Each endpoint becomes a container, and no node runs a Pod with more containers. */
    private static final int MAX_ENDPOINTS = 100;

    /** The maximum length of one endpoint. URLs and label selectors are much shorter in practice. */
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

    /** Splits the text at commas and white space, except at the commas in a label selector. */
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

    /** A name that is not used. It is short enough for the prefix that a profile adds. */
    private static String unused(String wanted, Set<String> used) {
        String first = DnsLabel.shortened(wanted, 40);
        String name = first;
        for (int again = 2; !used.add(name); again++) {
            name = first + "-" + again;
        }
        return name;
    }
}
