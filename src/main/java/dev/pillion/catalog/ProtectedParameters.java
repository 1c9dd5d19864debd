package dev.pillion.catalog;

import dev.pillion.expression.Expression;
import dev.pillion.expression.FieldPath;
import dev.pillion.expression.Template;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Finds the parameters that a Pod cannot set if a policy enforces the profile, unless the policy lists them. They decide whether a companion
 * is added, what it is allowed to do and what it runs:
 *
 * <ul>
 *   <li>parameters in a guard, {@code when} or {@code forEach};
 *   <li>parameters in a container's fields other than its arguments and the values of its variables;
 *   <li>parameters in a file's path, a volume, a shared directory or the Pod's spec;
 *   <li>parameters in the default of one of these.
 * </ul>
 */
public final class ProtectedParameters {

    private static final String PARAMETERS = "params";

    private ProtectedParameters() {}

    /** The names of the parameters. The cost depends on the profile only. */
    public static Set<String> of(Profile profile) {
        Set<String> found = new HashSet<>();
        Deque<String> waiting = new ArrayDeque<>();
        protectedExpressions(profile).forEach(expression -> add(expression, profile, found, waiting));
        while (!waiting.isEmpty()) {
            Parameter parameter = profile.parameters().get(waiting.remove());
            if (parameter != null) {
                parameter.defaultValue().stream()
                        .flatMap(Template::expressions)
                        .forEach(expression -> add(expression, profile, found, waiting));
            }
        }
        return found;
    }

    private static void add(Expression expression, Profile profile, Set<String> found, Deque<String> waiting) {
        for (FieldPath path : expression.paths()) {
            if (path.variable().equals(PARAMETERS)) {
                path
                        .field()
                        .map(name -> (Collection<String>) Set.of(name))
                        .orElse(profile.parameters().keySet())
                        .stream()
                        .filter(found::add)
                        .forEach(waiting::add);
            }
        }
    }

    private static Stream<Expression> protectedExpressions(Profile profile) {
        return Stream.of(
                        profile.skipWhen().stream().map(Guard::condition),
                        profile.containers().stream().flatMap(ProtectedParameters::protectedExpressions),
                        profile.volumes().stream().flatMap(Template::expressions),
                        profile.pod().entrySet().stream()
                                .filter(field -> PodSpecAdditions.TYPES.containsKey(field.getKey()))
                                .flatMap(field -> field.getValue().expressions()),
                        profile.sharedDirectories().stream().flatMap(SharedDirectory::expressions))
                .flatMap(each -> each);
    }

    private static Stream<Expression> protectedExpressions(ContainerTemplate container) {
        return Stream.of(
                        container.when().stream(),
                        container.orderOf().stream(),
                        container.forEach().stream().map(ContainerTemplate.Repeat::elements),
                        container.files().stream()
                                .flatMap(file -> Stream.concat(
                                        file.when().stream(), file.path().expressions())),
                        ofBody(container.body()))
                .flatMap(each -> each);
    }

    private static Stream<Expression> ofBody(Template body) {
        return body instanceof Template.Fields(Map<String, Template> fields)
                ? fields.entrySet().stream().flatMap(field -> switch (field.getKey()) {
                    case "args" -> Stream.empty();
                    case "env" -> ofVariables(field.getValue());
                    default -> field.getValue().expressions();
                })
                : body.expressions();
    }

    /** All fields except the values: a Pod that sets a name can set {@code PATH}. */
    private static Stream<Expression> ofVariables(Template variables) {
        return variables instanceof Template.Elements(var elements)
                ? elements.stream()
                        .flatMap(element -> element instanceof Template.Fields(Map<String, Template> fields)
                                ? fields.entrySet().stream()
                                        .filter(field -> !field.getKey().equals("value"))
                                        .flatMap(field -> field.getValue().expressions())
                                : element.expressions())
                : variables.expressions();
    }
}
