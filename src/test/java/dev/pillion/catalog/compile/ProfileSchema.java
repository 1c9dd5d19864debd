package dev.pillion.catalog.compile;

import static dev.pillion.catalog.compile.SchemaNodes.about;
import static dev.pillion.catalog.compile.SchemaNodes.choice;
import static dev.pillion.catalog.compile.SchemaNodes.flag;
import static dev.pillion.catalog.compile.SchemaNodes.integer;
import static dev.pillion.catalog.compile.SchemaNodes.list;
import static dev.pillion.catalog.compile.SchemaNodes.map;
import static dev.pillion.catalog.compile.SchemaNodes.properties;
import static dev.pillion.catalog.compile.SchemaNodes.reference;
import static dev.pillion.catalog.compile.SchemaNodes.text;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.catalog.ContainerTemplate;
import dev.pillion.catalog.ContainerTemplate.Inherited;
import dev.pillion.catalog.ContainerTemplate.Role;
import dev.pillion.catalog.PodSpecAdditions;
import dev.pillion.catalog.parameter.ParameterType;
import dev.pillion.expression.Type;
import dev.pillion.expression.Type.ListOf;
import dev.pillion.expression.Type.MapOf;
import dev.pillion.expression.Type.Scalar;
import java.util.Arrays;
import java.util.List;

/** The JSON Schema of an {@code InjectionProfile}. */
final class ProfileSchema {

    private final KubernetesDefinitions kubernetes = new KubernetesDefinitions();

    ObjectNode document() {
        ObjectNode document = SchemaNodes.document(
                ProfileReader.KIND, "One companion: what Pillion adds to the Pods that get it.", spec());
        document.set("definitions", kubernetes.all());
        return document;
    }

    private ObjectNode spec() {
        ObjectNode spec = map("What the companion is made of.", List.of("description"));
        properties(spec)
                .<ObjectNode>set("description", text("One sentence that tells an app team what it gets."))
                .<ObjectNode>set(
                        "access",
                        choice(
                                "Who may ask for it: every Pod, or those that a policy permits to.",
                                List.of("Open", "Restricted")))
                .<ObjectNode>set(
                        "parameters",
                        list("What an app team can set, and what expressions see as params.", parameter()))
                .<ObjectNode>set(
                        Role.INIT.field(), list("Containers that end before the app starts.", container(Role.INIT)))
                .<ObjectNode>set(
                        Role.SIDECAR.field(), list("Containers that run beside the app.", container(Role.SIDECAR)))
                .<ObjectNode>set("volumes", list("Volumes of the Pod, as Kubernetes has them.", volume()))
                .<ObjectNode>set(
                        "sharedDirectories",
                        list("Directories that the app's containers and the companion's share.", sharedDirectory()))
                .<ObjectNode>set("app", app())
                .<ObjectNode>set("pod", pod())
                .<ObjectNode>set("skipWhen", list("When a Pod cannot have it.", guard()))
                .set("warnWhen", list("When a Pod gets a warning.", warning()));
        return spec;
    }

    private static ObjectNode parameter() {
        ObjectNode parameter = map("A parameter.", List.of("name", "type"));
        properties(parameter)
                .<ObjectNode>set(
                        "name",
                        text("Its name in annotations, as <profile>.pillion.dev/<name>, and in expressions, as params.<name>.")
                                .put("pattern", "^[a-z][a-zA-Z0-9]{0,62}$"))
                .<ObjectNode>set("type", choice("What it takes.", ParameterType.words()))
                .<ObjectNode>set("description", text("What it does, for an app team."))
                .<ObjectNode>set(
                        "default",
                        about(
                                "Its value when nobody sets it; may hold ${…} over pod, namespace, app and the parameters before it.",
                                SchemaNodes.anything()))
                .<ObjectNode>set("required", flag("Whether it must be set. One with a default need not."))
                .<ObjectNode>set(
                        "pattern",
                        text("RE2, which a text must match as a whole; each element of a list, each key of a map."))
                .<ObjectNode>set("minimum", integer("Of an integer or a port."))
                .<ObjectNode>set("maximum", integer("Of an integer or a port."))
                .<ObjectNode>set(
                        "atLeast",
                        amounts(
                                "Of resources: the least requests and limits that it may set, by resource; without it, those of each container."))
                .<ObjectNode>set(
                        "atMost", amounts("Of resources: the most requests and limits that it may set, by resource."))
                .<ObjectNode>set("values", list("What an enum can be.", text("One of them.")))
                .set("overridable", flag("Whether an annotation may set it; true without it."));
        ObjectNode values = parameter.putArray("allOf").addObject();
        values.putObject("if").putObject("properties").putObject("type").put("const", ParameterType.ENUM.word());
        values.putObject("then").putArray("required").add("values");
        values.putObject("else").putObject("properties").put("values", false);
        return parameter;
    }

    private ObjectNode container(Role role) {
        ObjectNode container = map("A Kubernetes container, and Pillion's own fields on it.", List.of("name"));
        container.put("additionalProperties", true);
        properties(container)
                .<ObjectNode>setAll(kubernetes.fields(KubernetesSchema.CONTAINER))
                .<ObjectNode>set("name", text("Its name; one of forEach holds ${…}."))
                .<ObjectNode>set(
                        "order",
                        integerOrExpression("Where it stands among the init containers; the Pod's own stand at "
                                + ContainerTemplate.OWN_ORDER + ", and this one without it at "
                                + role.defaultOrder() + "."))
                .<ObjectNode>set("when", about("Left out where this does not hold.", reference("expression")))
                .<ObjectNode>set("forEach", forEach("One container for each element"))
                .<ObjectNode>set(
                        "inherit",
                        list(
                                "What it takes from the first of the app's containers.",
                                choice(
                                        "A field of the app's container.",
                                        Arrays.stream(Inherited.values())
                                                .map(Inherited::field)
                                                .toList())))
                .<ObjectNode>set("files", list("Files that the Pod carries in annotations and mounts into it.", file()))
                .put("restartPolicy", false);
        if (role == Role.INIT) {
            properties(container).putObject("critical").put("const", false);
        } else {
            properties(container).set("critical", flag("Whether the Pod is not ready while it is down."));
        }
        container.putArray("anyOf").add(required("image")).add(required("inherit"));
        return container;
    }

    private static ObjectNode required(String field) {
        ObjectNode required = JsonNodeFactory.instance.objectNode();
        required.putArray("required").add(field);
        return required;
    }

    private static ObjectNode amounts(String description) {
        ObjectNode amounts =
                JsonNodeFactory.instance.objectNode().put("type", "object").put("description", description);
        ObjectNode amount = amounts.putObject("additionalProperties").put("description", "A quantity.");
        amount.putArray("type").add("string").add("number");
        amounts.putObject("propertyNames")
                .putArray("enum")
                .add("cpu")
                .add("memory")
                .add("ephemeral-storage");
        return amounts;
    }

    private static ObjectNode integerOrExpression(String description) {
        ObjectNode either = JsonNodeFactory.instance.objectNode().put("description", description);
        either.putArray("anyOf").add(integer("A number.")).add(reference("expression"));
        return either;
    }

    private static ObjectNode forEach(String what) {
        ObjectNode forEach = map(what + ": a variable and its list.", List.of());
        forEach.remove("properties");
        forEach.put("minProperties", 1).put("maxProperties", 1).set("additionalProperties", reference("expression"));
        return forEach;
    }

    private static ObjectNode file() {
        ObjectNode file = map("A file.", List.of("path", "content"));
        properties(file)
                .<ObjectNode>set("path", text("Where it stands in the container, in a directory of its own."))
                .<ObjectNode>set("content", about("A text, or a tree that is written as JSON.", SchemaNodes.anything()))
                .set("when", about("Left out where this does not hold.", reference("expression")));
        return file;
    }

    private ObjectNode volume() {
        ObjectNode volume = map("A Kubernetes volume.", List.of("name"));
        volume.put("additionalProperties", true);
        properties(volume)
                .<ObjectNode>setAll(kubernetes.fields(KubernetesSchema.VOLUME))
                .set("name", text("Its name."));
        return volume;
    }

    private ObjectNode sharedDirectory() {
        ObjectNode directory = map("A directory that is shared.", List.of("path"));
        ((ObjectNode) directory.path("properties")).set("forEach", forEach("One directory for each element"));
        properties(directory)
                .<ObjectNode>set(
                        "path", text("Where it stands in every container; the app's own volume there is shared."))
                .<ObjectNode>set("name", text("Of the volume that is added where the app has none there."))
                .<ObjectNode>set(
                        "readers",
                        list("Containers of this profile that see it read-only.", text("A container's name.")))
                .<ObjectNode>set(
                        "writers",
                        list("Containers of this profile that may write to it.", text("A container's name.")))
                .set("emptyDir", about("Options of the volume that is added.", field(KubernetesSchema.EMPTY_DIR)));
        return directory;
    }

    private ObjectNode app() {
        ObjectNode app = map("What the app's containers get, which never replaces what they have.", List.of());
        properties(app)
                .<ObjectNode>set("env", field(new ListOf(KubernetesSchema.APP_ENV_VAR)))
                .<ObjectNode>set("envFrom", field(new ListOf(KubernetesSchema.ENV_FROM)))
                .set("volumeMounts", field(new ListOf(KubernetesSchema.APP_VOLUME_MOUNT)));
        return app;
    }

    private ObjectNode pod() {
        ObjectNode pod = map("What the Pod gets, which never replaces what it has.", List.of());
        properties(pod)
                .<ObjectNode>set("labels", field(new MapOf(Scalar.STRING)))
                .<ObjectNode>set("annotations", field(new MapOf(Scalar.STRING)))
                .set("imagePullSecrets", field(new ListOf(KubernetesSchema.LOCAL_OBJECT_REFERENCE)));
        PodSpecAdditions.TYPES.forEach((name, type) -> properties(pod).set(name, field(type)));
        return pod;
    }

    private static ObjectNode guard() {
        ObjectNode guard = map("A guard.", List.of("name", "expression", "message"));
        properties(guard)
                .<ObjectNode>set("name", text("Its name, for messages and metrics."))
                .<ObjectNode>set("expression", text("CEL, without ${…}, over params, pod, namespace and app."))
                .set("message", text("Why such a Pod cannot have it."));
        return guard;
    }

    private static ObjectNode warning() {
        ObjectNode warning = map("A warning.", List.of("name", "expression", "message"));
        properties(warning)
                .<ObjectNode>set("name", text("Its name."))
                .<ObjectNode>set("expression", text("CEL, without ${…}, over params, pod, namespace and app."))
                .set("message", text("What is wrong, and what would be right."));
        return warning;
    }

    private ObjectNode field(Type type) {
        return kubernetes.of(type);
    }
}
