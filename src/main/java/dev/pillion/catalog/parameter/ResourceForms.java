package dev.pillion.catalog.parameter;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The form of requests and limits in an annotation: {@code cpu=100m,memory=64Mi} sets both, {@code requests.cpu=50m} or
 * {@code limits.memory=128Mi} one of them, and {@code guaranteed} makes the limits equal to the requests.
 */
public final class ResourceForms {

    static final String GUARANTEED = "guaranteed";

    private static final List<String> KINDS = List.of("requests", "limits");
    public static final Set<String> RESOURCES = Set.of("cpu", "memory", "ephemeral-storage");

    private ResourceForms() {}

    /** Reads a text to a map of {@code requests} and {@code limits}, with {@code guaranteed: true} if it contains that word. */
    static ObjectNode parse(String text) throws InvalidValueException {
        ObjectNode resources = JsonNodeFactory.instance.objectNode();
        for (String item : text.split("[,\\s]+")) {
            if (item.equals(GUARANTEED)) {
                resources.put(GUARANTEED, true);
            } else if (!item.isEmpty()) {
                add(item, resources);
            }
        }
        if (resources.isEmpty()) {
            throw new InvalidValueException("must be " + form() + ", is empty");
        }
        return resources;
    }

    private static void add(String item, ObjectNode resources) throws InvalidValueException {
        int equals = item.indexOf('=');
        String key = item.substring(0, Math.max(equals, 0));
        String resource = key.substring(key.indexOf('.') + 1);
        String kind = key.contains(".") ? key.substring(0, key.indexOf('.')) : "";
        if (!RESOURCES.contains(resource) || !(kind.isEmpty() || KINDS.contains(kind))) {
            throw new InvalidValueException("must be " + form() + ", contains " + ScalarForms.quoted(item));
        }
        String amount = ScalarForms.quantity(item.substring(equals + 1));
        for (String each : kind.isEmpty() ? KINDS : List.of(kind)) {
            ObjectNode amounts = resources.withObject("/" + each);
            if (amounts.has(resource)) {
                throw new InvalidValueException("sets " + each + "." + resource + " twice");
            }
            amounts.put(resource, amount);
        }
    }

    /** Reads the same map as {@link #parse} from a policy. */
    static ObjectNode read(JsonNode tree) throws InvalidValueException {
        StringBuilder items = new StringBuilder();
        for (Map.Entry<String, JsonNode> field : tree.properties()) {
            if (field.getKey().equals(GUARANTEED) && field.getValue().isBoolean()) {
                items.append(field.getValue().asBoolean() ? GUARANTEED + "," : "");
            } else if (KINDS.contains(field.getKey()) && field.getValue().isObject()) {
                field.getValue()
                        .properties()
                        .forEach(amount -> items.append(field.getKey() + "." + amount.getKey() + "="
                                + amount.getValue().asText() + ","));
            } else {
                throw new InvalidValueException(
                        "must be a map of requests and limits, contains " + ScalarForms.quoted(field.getKey()));
            }
        }
        return parse(items.toString());
    }

    private static String form() {
        return "'guaranteed', or amounts of cpu, memory and ephemeral-storage such as cpu=100m,memory=64Mi"
                + " or requests.cpu=50m,limits.memory=128Mi";
    }
}
