package dev.pillion.catalog;

import dev.pillion.expression.Expression;
import dev.pillion.expression.Template;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The parameters that decide whether a companion is there, what it may do, and what it runs: those that a guard, {@code when} or
 * {@code forEach} reads, and those that reach a field of a container other than an argument or the value of a variable, the path of a file,
 * a volume, a shared directory or the Pod's spec; also through the default of another parameter. Where a policy enforces the profile a Pod may not set
 * them, unless the policy says so.
 */
public final class ProtectedParameters {

    private static final String PARAMETERS = "params";

    private ProtectedParameters() {}

    /** Their names. The cost grows with the profile, not with a Pod. */
    public static Set<String> of(Profile profile) {
        Set<String> found = new HashSet<>();
        Deque<String> waiting = new ArrayDeque<>();
        deciding(profile).forEach(expression -> add(expression, profile, found, waiting));
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
        for (String path : expression.paths()) {
            if (path.equals(PARAMETERS)) {
                profile.parameters().keySet().stream().filter(found::add).forEach(waiting::add);
            } else if (path.startsWith(PARAMETERS + ".")) {
                String name = path.substring(PARAMETERS.length() + 1).split("\\.", 2)[0];
                if (found.add(name)) {
                    waiting.add(name);
                }
            }
        }
    }

    private static Stream<Expression> deciding(Profile profile) {
        return Stream.of(
                        profile.skipWhen().stream().map(Guard::condition),
                        profile.containers().stream().flatMap(ProtectedParameters::deciding),
                        profile.volumes().stream().flatMap(Template::expressions),
                        profile.pod().entrySet().stream()
                                .filter(field -> PodSpecAdditions.TYPES.containsKey(field.getKey()))
                                .flatMap(field -> field.getValue().expressions()),
                        profile.sharedDirectories().stream().flatMap(SharedDirectory::expressions))
                .flatMap(each -> each);
    }

    private static Stream<Expression> deciding(ContainerTemplate container) {
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

    /** All but the values: who chooses a name can choose {@code PATH}. */
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
