package dev.pillion.catalog.compile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.catalog.ContainerTemplate;
import dev.pillion.catalog.ContainerTemplate.FileTemplate;
import dev.pillion.catalog.ContainerTemplate.Inherited;
import dev.pillion.catalog.ContainerTemplate.Repeat;
import dev.pillion.catalog.ContainerTemplate.Role;
import dev.pillion.catalog.parameter.ParameterType;
import dev.pillion.expression.Expression;
import dev.pillion.expression.Nearest;
import dev.pillion.expression.Template;
import dev.pillion.expression.TemplateCompiler;
import dev.pillion.expression.TemplateText;
import dev.pillion.expression.Type.Scalar;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the containers of a profile: Pillion's own fields and those of the Kubernetes container. */
final class ContainerReader {

    /** Pillion's own fields on a container. */
    static final Set<String> OWN_FIELDS = Set.of("forEach", "when", "critical", "order", "inherit", "files");

    private final Problems problems;
    private final ForEachReader forEachReader;
    private final Conditions conditions;

    ContainerReader(Problems problems) {
        this.problems = problems;
        this.forEachReader = new ForEachReader(problems);
        this.conditions = new Conditions(problems);
    }

    List<ContainerTemplate> read(Fields spec, TemplateCompiler templates) {
        List<ContainerTemplate> containers = new ArrayList<>();
        Map<String, Boolean> always = new HashMap<>();
        for (Role role : Role.values()) {
            for (Fields fields : spec.maps(role.field())) {
                ContainerTemplate container = container(role, fields, templates);
                boolean present = container.when().isEmpty();
                @Nullable Boolean other = always.put(container.name(), present);
                if (other != null && (present || other)) {
                    problems.accept(
                            fields.path("name"),
                            "two containers of this profile are called '" + container.name() + "'");
                }
                containers.add(container);
            }
        }
        return containers;
    }

    private ContainerTemplate container(Role role, Fields fields, TemplateCompiler outer) {
        Optional<Repeat> forEach = forEachReader.read(fields, outer);
        TemplateCompiler templates = ForEachReader.within(forEach, outer);
        Optional<Expression> when = conditions.when(fields, templates);
        templates = templates.given(when.stream().toList());
        boolean critical = fields.flag("critical", false);
        Optional<Expression> orderOf = orderOf(fields, templates);
        int order =
                isExpression(fields.any("order")) ? role.defaultOrder() : fields.integer("order", role.defaultOrder());
        Set<Inherited> inherited = inherited(fields);
        List<FileTemplate> files = new FilesReader(problems).read(fields, templates);

        ObjectNode body = fields.others();
        String name = ContainerName.read(body, fields, forEach);
        checkLifecycle(role, critical, body, fields);
        checkImage(body.path("image"), inherited, fields.path("image"));
        Hardening.apply(body);
        Template compiled = templates.compile(body, KubernetesSchema.CONTAINER, fields.path());
        return new ContainerTemplate(
                role,
                name,
                ContainerName.pattern(compiled, name),
                order,
                orderOf,
                critical,
                when,
                forEach,
                inherited,
                files,
                compiled);
    }

    private void checkImage(JsonNode image, Set<Inherited> inherited, String path) {
        if (image.isMissingNode()
                || image.isNull()
                || (image.isTextual() && image.textValue().isBlank())) {
            if (!inherited.contains(Inherited.IMAGE)) {
                problems.accept(path, "is missing");
            }
        } else {
            ParameterType.IMAGE.problemOf(image).ifPresent(problem -> problems.accept(path, problem));
        }
    }

    /** An order that is an expression, for example {@code ${params.order}}. */
    private Optional<Expression> orderOf(Fields fields, TemplateCompiler templates) {
        JsonNode tree = fields.any("order");
        if (!isExpression(tree)) {
            return Optional.empty();
        }
        return forEachReader.expression(tree, fields.path("order"), templates).filter(order -> {
            boolean integer = order.type() == Scalar.INTEGER || order.type() == Scalar.ANY;
            if (!integer) {
                problems.accept(
                        fields.path("order"), "must be an integer; ${" + order.source() + "} is " + order.type());
            }
            return integer;
        });
    }

    private static boolean isExpression(JsonNode tree) {
        return TemplateText.onlyExpression(tree.asText("")).isPresent();
    }

    private Set<Inherited> inherited(Fields fields) {
        Set<Inherited> inherited = EnumSet.noneOf(Inherited.class);
        List<String> words =
                Arrays.stream(Inherited.values()).map(Inherited::field).toList();
        int index = 0;
        for (String word : fields.texts("inherit")) {
            String place = fields.path("inherit") + "[" + index++ + "]";
            Arrays.stream(Inherited.values())
                    .filter(known -> known.field().equals(word))
                    .findAny()
                    .ifPresentOrElse(
                            inherited::add,
                            () -> problems.accept(
                                    place, "'" + word + "' cannot be inherited" + Nearest.hint(word, words)));
        }
        return inherited;
    }

    private void checkLifecycle(Role role, boolean critical, JsonNode body, Fields fields) {
        if (body.has("restartPolicy")) {
            problems.accept(
                    fields.path("restartPolicy"),
                    "is set by Pillion; put a container that runs next to the app under spec.sidecars, and one that ends before the app starts under spec.initContainers");
        }
        if (role == Role.INIT) {
            if (critical) {
                problems.accept(
                        fields.path("critical"),
                        "only a sidecar can be critical; the app always waits for an init container");
            }
            return;
        }
        for (String probe : List.of("startupProbe", "readinessProbe")) {
            if (critical && !body.has(probe)) {
                problems.accept(
                        fields.path(probe), "is missing; a critical sidecar has a startupProbe and a readinessProbe");
            }
            if (!critical && body.has(probe)) {
                problems.accept(
                        fields.path(probe),
                        "only a critical sidecar may have this probe; set critical: true if the app cannot work without the sidecar, or remove the probe");
            }
        }
    }
}
