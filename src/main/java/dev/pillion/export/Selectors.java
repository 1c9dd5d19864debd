package dev.pillion.export;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.catalog.LabelSelector;
import dev.pillion.catalog.LabelSelector.DoesNotExist;
import dev.pillion.catalog.LabelSelector.Exists;
import dev.pillion.catalog.LabelSelector.In;
import dev.pillion.catalog.LabelSelector.NotIn;
import dev.pillion.catalog.LabelSelector.Requirement;
import java.util.Set;
import java.util.TreeSet;

/** Writes label selectors in the form of Kubernetes. */
final class Selectors {

    private Selectors() {}

    static ObjectNode toJson(LabelSelector selector) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        for (Requirement requirement : selector.requirements()) {
            ObjectNode expression =
                    json.withArray("matchExpressions").addObject().put("key", requirement.key());
            switch (requirement) {
                case In(String _, Set<String> values) -> put(expression, "In", values);
                case NotIn(String _, Set<String> values) -> put(expression, "NotIn", values);
                case Exists _ -> expression.put("operator", "Exists");
                case DoesNotExist _ -> expression.put("operator", "DoesNotExist");
            }
        }
        return json;
    }

    private static void put(ObjectNode expression, String operator, Set<String> values) {
        expression.put("operator", operator);
        new TreeSet<>(values).forEach(expression.putArray("values")::add);
    }
}
