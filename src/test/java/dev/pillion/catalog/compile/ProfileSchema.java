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
import dev.pillion.catalog.GenerationSettings;
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
                ProfileReader.KIND, "A profile: defines one companion and its parameters.", spec());
        document.set("definitions", kubernetes.all());
        return document;
    }

    private ObjectNode spec() {
        ObjectNode spec = map("The definition of the companion.", List.of("description"));
        properties(spec)
                .<ObjectNode>set("description", text("One sentence for the app team: what the profile adds."))
                .<ObjectNode>set(
                        "access",
                        choice(
                                "Open: every Pod may request the profile. Restricted: a policy must permit it. The default is Open.",
                                List.of("Open", "Restricted")))
                .<ObjectNode>set(
                        "parameters",
                        list("Parameters, which annotations set and expressions read as params.", parameter()))
                .<ObjectNode>set(
                        Role.INIT.field(),
                        list("Containers that complete before the app starts.", container(Role.INIT)))
                .<ObjectNode>set(
                        Role.SIDECAR.field(), list("Containers that run next to the app.", container(Role.SIDECAR)))
                .<ObjectNode>set("volumes", list("Volumes to add to the Pod, in the form of Kubernetes.", volume()))
                .<ObjectNode>set(
                        "sharedDirectories",
                        list(
                                "Directories that the app's containers share with the profile's containers.",
                                sharedDirectory()))
                .<ObjectNode>set("app", app())
                .<ObjectNode>set("pod", pod())
                .<ObjectNode>set(
                        "skipWhen", list("Guards. If one is true, the profile is skipped with a warning.", guard()))
                .<ObjectNode>set("warnWhen", list("Conditions. If one is true, the user gets a warning.", warning()))
                .<ObjectNode>set(
                        "pinnable",
                        flag(
                                "Whether annotations of Pods and namespaces may pin an earlier generation of the profile. Policies always can. The default is false."))
                .<ObjectNode>set(
                        "historyLimit",
                        integer(
                                        "How many earlier generations the status keeps, for those who pin them. Pinned generations are kept beyond this number, up to 64 generations. The default is 10.")
                                .put("minimum", 0)
                                .put("maximum", GenerationSettings.MAX_HISTORY_LIMIT))
                .set(
                        "percentage",
                        integer(
                                        "The percentage of workloads that get this generation. The others get the last generation that was in force for all workloads. The selection is stable. The default is 100.")
                                .put("minimum", 0)
                                .put("maximum", 100));
        return spec;
    }

    private static ObjectNode parameter() {
        ObjectNode parameter = map("A parameter.", List.of("name", "type"));
        properties(parameter)
                .<ObjectNode>set(
                        "name",
                        text("The name: annotations set <profile>.pillion.dev/<name>, and expressions read params.<name>.")
                                .put("pattern", "^[a-z][a-zA-Z0-9]{0,62}$"))
                .<ObjectNode>set("type", choice("The type of the value.", ParameterType.words()))
                .<ObjectNode>set("description", text("One sentence for the app team: what the parameter does."))
                .<ObjectNode>set(
                        "default",
                        about(
                                "The value if nothing sets the parameter. It may contain ${…} with pod, namespace, app and earlier parameters.",
                                SchemaNodes.anything()))
                .<ObjectNode>set(
                        "required",
                        flag("Whether the parameter must be set. A parameter with a default is not required."))
                .<ObjectNode>set(
                        "pattern",
                        text(
                                "An RE2 expression that the whole value must match. It applies to each element of a list and to each key of a map."))
                .<ObjectNode>set("minimum", integer("The minimum of an integer or a port."))
                .<ObjectNode>set("maximum", integer("The maximum of an integer or a port."))
                .<ObjectNode>set(
                        "atLeast",
                        amounts(
                                "For the type resources: the lowest requests and limits that an annotation may set, by resource. The default is what each container has."))
                .<ObjectNode>set(
                        "atMost",
                        amounts(
                                "For the type resources: the highest requests and limits that may be set, by resource."))
                .<ObjectNode>set("values", list("The values of an enum.", text("One of the values.")))
                .set("overridable", flag("Whether an annotation may set the parameter. The default is true."));
        ObjectNode values = parameter.putArray("allOf").addObject();
        values.putObject("if").putObject("properties").putObject("type").put("const", ParameterType.ENUM.word());
        values.putObject("then").putArray("required").add("values");
        values.putObject("else").putObject("properties").put("values", false);
        return parameter;
    }

    private ObjectNode container(Role role) {
        ObjectNode container = map("A Kubernetes container with Pillion's own fields.", List.of("name"));
        container.put("additionalProperties", true);
        properties(container)
                .<ObjectNode>setAll(kubernetes.fields(KubernetesSchema.CONTAINER))
                .<ObjectNode>set("name", text("The name of the container. With forEach it contains ${…}."))
                .<ObjectNode>set(
                        "order",
                        integerOrExpression(
                                "The position among the init containers. The Pod's own init containers have "
                                        + ContainerTemplate.OWN_ORDER + ". The default is "
                                        + role.defaultOrder() + "."))
                .<ObjectNode>set(
                        "when", about("If the expression is false, this entry is not added.", reference("expression")))
                .<ObjectNode>set("forEach", forEach("Adds one container for each element"))
                .<ObjectNode>set(
                        "inherit",
                        list(
                                "The fields to copy from the app's container.",
                                choice(
                                        "A field of the app's container.",
                                        Arrays.stream(Inherited.values())
                                                .map(Inherited::field)
                                                .toList())))
                .<ObjectNode>set(
                        "files",
                        list("Files to mount into the container. Their content is in annotations of the Pod.", file()))
                .put("restartPolicy", false);
        if (role == Role.INIT) {
            properties(container).putObject("critical").put("const", false);
        } else {
            properties(container)
                    .set(
                            "critical",
                            flag(
                                    "Whether the app needs this sidecar to work. A critical sidecar must have a startupProbe and a readinessProbe. The Pod is not ready while the sidecar is not ready."));
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
                .<ObjectNode>set(
                        "path", text("The path in the container. The mount hides other files in the same directory."))
                .<ObjectNode>set("content", about("Text, or a tree that is written as JSON.", SchemaNodes.anything()))
                .set("when", about("If the expression is false, this entry is not added.", reference("expression")));
        return file;
    }

    private ObjectNode volume() {
        ObjectNode volume = map("A Kubernetes volume.", List.of("name"));
        volume.put("additionalProperties", true);
        properties(volume)
                .<ObjectNode>setAll(kubernetes.fields(KubernetesSchema.VOLUME))
                .set("name", text("The name."));
        return volume;
    }

    private ObjectNode sharedDirectory() {
        ObjectNode directory = map("A shared directory.", List.of("path"));
        ((ObjectNode) directory.path("properties")).set("forEach", forEach("Adds one directory for each element"));
        properties(directory)
                .<ObjectNode>set(
                        "path",
                        text("The path in every container. If the app mounts a volume there, that volume is shared."))
                .<ObjectNode>set("name", text("The name of the volume that is added if the app mounts none there."))
                .<ObjectNode>set(
                        "readers",
                        list("Containers of this profile that mount it read-only.", text("A container's name.")))
                .<ObjectNode>set(
                        "writers",
                        list("Containers of this profile that can write to it.", text("A container's name.")))
                .set("emptyDir", about("Options of the added volume.", field(KubernetesSchema.EMPTY_DIR)));
        return directory;
    }

    private ObjectNode app() {
        ObjectNode app =
                map("Additions to the app's containers. They never replace what a container sets itself.", List.of());
        properties(app)
                .<ObjectNode>set("env", field(new ListOf(KubernetesSchema.APP_ENV_VAR)))
                .<ObjectNode>set("envFrom", field(new ListOf(KubernetesSchema.ENV_FROM)))
                .set("volumeMounts", field(new ListOf(KubernetesSchema.APP_VOLUME_MOUNT)));
        return app;
    }

    private ObjectNode pod() {
        ObjectNode pod = map("Additions to the Pod. They never replace what the Pod sets itself.", List.of());
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
                .<ObjectNode>set("name", text("The name of the guard, for messages and metrics."))
                .<ObjectNode>set(
                        "expression",
                        text("A CEL expression without ${…}, with the variables params, pod, namespace and app."))
                .set("message", text("Why the profile is skipped."));
        return guard;
    }

    private static ObjectNode warning() {
        ObjectNode warning = map("A warning.", List.of("name", "expression", "message"));
        properties(warning)
                .<ObjectNode>set("name", text("The name."))
                .<ObjectNode>set(
                        "expression",
                        text("A CEL expression without ${…}, with the variables params, pod, namespace and app."))
                .set("message", text("What is wrong, and how to correct it."));
        return warning;
    }

    private ObjectNode field(Type type) {
        return kubernetes.of(type);
    }
}
