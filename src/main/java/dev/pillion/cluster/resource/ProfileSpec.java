package dev.pillion.cluster.resource;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.IntOrString;
import java.util.List;
import java.util.Map;

/** What the companion is made of. What may be a {@code ${…}} has no type, since that may stand for a list or a map. */
public record ProfileSpec(
        @Required @JsonPropertyDescription("One sentence that tells an app team what it gets.")
        String description,

        @JsonPropertyDescription(
                "Who may ask for it: every Pod (Open, also without it), or those that a policy permits to.")
        Access access,

        @Size(max = 256)
        @ValidationRule(
                value = "self.all(a, self.exists_one(b, a.name == b.name))",
                message = "the names of parameters are unique")
        @JsonPropertyDescription("What an app team can set, and what expressions see as params.")
        List<Parameter> parameters,

        @JsonPropertyDescription("Containers that end before the app starts.")
        List<InitContainer> initContainers,

        @JsonPropertyDescription("Containers that run beside the app.")
        List<Sidecar> sidecars,

        @JsonPropertyDescription("Volumes of the Pod, as Kubernetes has them.")
        List<Volume> volumes,

        @JsonPropertyDescription("Directories that the app's containers and the companion's share.")
        List<SharedDirectory> sharedDirectories,

        @JsonPropertyDescription("What the app's containers get, which never replaces what they have.")
        App app,

        @JsonPropertyDescription("What the Pod gets, which never replaces what it has.")
        Pod pod,

        @JsonPropertyDescription("When a Pod cannot have it.")
        List<Guard> skipWhen,

        @JsonPropertyDescription("When a Pod gets a warning.")
        List<Warning> warnWhen) {

    enum Access {
        @JsonProperty("Open")
        OPEN,
        @JsonProperty("Restricted")
        RESTRICTED
    }

    @ValidationRule(
            value = "(self.type == 'enum') == (has(self.values) && size(self.values) > 0)",
            message = "an enum lists its values, and nothing else has any")
    @ValidationRule(
            value = "self.type in ['integer', 'port'] || !has(self.minimum) && !has(self.maximum)",
            message = "only an integer or a port has a minimum or a maximum")
    @ValidationRule(
            value = "!has(self.minimum) || !has(self.maximum) || self.minimum <= self.maximum",
            message = "minimum must not be above maximum")
    @ValidationRule(
            value = "self.type == 'resources' || !has(self.atLeast) && !has(self.atMost)",
            message = "only resources have atLeast or atMost")
    record Parameter(
            @Required
            @Pattern("^[a-z][a-zA-Z0-9]{0,62}$")
            @Size(max = 63)
            @JsonPropertyDescription(
                    "Its name in annotations, as <profile>.pillion.dev/<name>, and in expressions, as params.<name>.")
            String name,

            @Required @JsonPropertyDescription("What it takes.")
            ParameterType type,

            @JsonPropertyDescription("What it does, for an app team.")
            String description,

            @JsonProperty("default")
            @JsonPropertyDescription(
                    "Its value when nobody sets it; may hold ${…} over pod, namespace, app and the parameters before it.")
            JsonNode defaultValue,

            @JsonPropertyDescription("Whether it must be set. One with a default need not.")
            Boolean required,

            @JsonPropertyDescription(
                    "RE2, which a text must match as a whole; each element of a list, each key of a map.")
            String pattern,

            @JsonPropertyDescription("Of an integer or a port.")
            Long minimum,

            @JsonPropertyDescription("Of an integer or a port.")
            Long maximum,

            @JsonPropertyDescription(
                    "Of resources: the least requests and limits that it may set, by resource; without it, those of each container.")
            Map<String, IntOrString> atLeast,

            @JsonPropertyDescription("Of resources: the most requests and limits that it may set, by resource.")
            Map<String, IntOrString> atMost,

            @JsonPropertyDescription("What an enum can be.") List<String> values,

            @JsonPropertyDescription("Whether an annotation may set it; true without it.")
            Boolean overridable) {}

    enum ParameterType {
        @JsonProperty("string")
        STRING,
        @JsonProperty("integer")
        INTEGER,
        @JsonProperty("boolean")
        BOOLEAN,
        @JsonProperty("port")
        PORT,
        @JsonProperty("path")
        PATH,
        @JsonProperty("paths")
        PATHS,
        @JsonProperty("duration")
        DURATION,
        @JsonProperty("quantity")
        QUANTITY,
        @JsonProperty("image")
        IMAGE,
        @JsonProperty("enum")
        ENUM,
        @JsonProperty("list")
        LIST,
        @JsonProperty("map")
        MAP,
        @JsonProperty("endpoints")
        ENDPOINTS,
        @JsonProperty("resources")
        RESOURCES
    }

    @ValidationRule(
            value = "has(self.image) || has(self.inherit) && 'image' in self.inherit",
            message = "a container has an image, or inherits it")
    record InitContainer(
            @Required @JsonPropertyDescription("Its name; one of forEach holds ${…}.")
            String name,

            @JsonPropertyDescription("Its image; may be left out where it is inherited.")
            String image,

            @JsonPropertyDescription(
                    "Where it stands among the init containers; the Pod's own stand at 50, and this one without it at 40. An integer, or one ${…}.")
            IntOrString order,

            @JsonPropertyDescription("Left out where this does not hold: one ${…}.")
            String when,

            @Size(min = 1, max = 1)
            @JsonPropertyDescription(
                    "One container for each element: a variable and its list, as {target: \"${params.targets}\"}.")
            Map<String, String> forEach,

            @Size(max = 16) @JsonPropertyDescription("What it takes from the first of the app's containers.")
            List<Inherited> inherit,

            @JsonPropertyDescription("Files that the Pod carries in annotations and mounts into it.")
            List<File> files) {}

    @ValidationRule(
            value = "has(self.image) || has(self.inherit) && 'image' in self.inherit",
            message = "a container has an image, or inherits it")
    record Sidecar(
            @Required @JsonPropertyDescription("Its name; one of forEach holds ${…}.")
            String name,

            @JsonPropertyDescription("Its image; may be left out where it is inherited.")
            String image,

            @JsonPropertyDescription(
                    "Where it stands among the init containers; the Pod's own stand at 50, and this one without it at 60. An integer, or one ${…}.")
            IntOrString order,

            @JsonPropertyDescription(
                    "Whether the Pod is not ready while it is down; it then has a startupProbe and a readinessProbe.")
            Boolean critical,

            @JsonPropertyDescription("Left out where this does not hold: one ${…}.")
            String when,

            @Size(min = 1, max = 1)
            @JsonPropertyDescription(
                    "One container for each element: a variable and its list, as {target: \"${params.targets}\"}.")
            Map<String, String> forEach,

            @Size(max = 16) @JsonPropertyDescription("What it takes from the first of the app's containers.")
            List<Inherited> inherit,

            @JsonPropertyDescription("Files that the Pod carries in annotations and mounts into it.")
            List<File> files) {}

    enum Inherited {
        @JsonProperty("image")
        IMAGE,
        @JsonProperty("env")
        ENV,
        @JsonProperty("envFrom")
        ENV_FROM,
        @JsonProperty("volumeMounts")
        VOLUME_MOUNTS,
        @JsonProperty("volumeDevices")
        VOLUME_DEVICES
    }

    record File(
            @Required @JsonPropertyDescription("Where it stands in the container, in a directory of its own.")
            String path,

            @Required @JsonPropertyDescription("A text, or a tree that is written as JSON.")
            JsonNode content,

            @JsonPropertyDescription("Left out where this does not hold: one ${…}.")
            String when) {}

    record Volume(
            @Required @JsonPropertyDescription("Its name.") String name) {}

    record SharedDirectory(
            @JsonPropertyDescription("One shared directory for each element: a variable and its list.")
            Map<String, String> forEach,

            @Required
            @JsonPropertyDescription("Where it stands in every container; the app's own volume there is shared.")
            String path,

            @JsonPropertyDescription("Of the volume that is added where the app has none there.")
            String name,

            @JsonPropertyDescription("Containers of this profile that see it read-only.")
            List<String> readers,

            @JsonPropertyDescription("Containers of this profile that may write to it.")
            List<String> writers,

            @JsonPropertyDescription("Options of the volume that is added.")
            JsonNode emptyDir) {}

    record App(
            @JsonPropertyDescription("Environment variables, as Kubernetes has them.")
            JsonNode env,

            @JsonPropertyDescription("Sources of variables, as Kubernetes has them.")
            JsonNode envFrom,

            @JsonPropertyDescription("Mounts, as Kubernetes has them.")
            JsonNode volumeMounts) {}

    record Pod(
            @JsonPropertyDescription("Labels.") JsonNode labels,
            @JsonPropertyDescription("Annotations.") JsonNode annotations,

            @JsonPropertyDescription("Secrets that its images are pulled with.")
            JsonNode imagePullSecrets,

            @JsonPropertyDescription("Tolerations. They make the profile Restricted.")
            JsonNode tolerations,

            @JsonPropertyDescription("Labels of the nodes on which the Pod can run.")
            JsonNode nodeSelector,

            @JsonPropertyDescription(
                    "Terms that are added to the Pod's own; at most one required term of node affinity.")
            JsonNode affinity,

            @JsonPropertyDescription("Constraints, each with another topologyKey or whenUnsatisfiable.")
            JsonNode topologySpreadConstraints,

            @JsonPropertyDescription("Lines of the file /etc/hosts.")
            JsonNode hostAliases,

            @JsonPropertyDescription("nameservers, searches and options that are added to the Pod's own.")
            JsonNode dnsConfig,

            @JsonPropertyDescription("Whether containers see each other's processes. It makes the profile Restricted.")
            JsonNode shareProcessNamespace,

            @JsonPropertyDescription("fsGroup, and nothing else. It makes the profile Restricted.")
            JsonNode securityContext,

            @JsonPropertyDescription("The time that the Pod has at least to end.")
            JsonNode terminationGracePeriodSeconds,

            @JsonPropertyDescription("The PriorityClass. It makes the profile Restricted.")
            JsonNode priorityClassName,

            @JsonPropertyDescription("The RuntimeClass. It makes the profile Restricted.")
            JsonNode runtimeClassName,

            @JsonPropertyDescription("The ServiceAccount. It makes the profile Restricted.")
            JsonNode serviceAccountName) {}

    record Guard(
            @Required @JsonPropertyDescription("Its name, for messages and metrics.")
            String name,

            @Required @JsonPropertyDescription("CEL, without ${…}, over params, pod, namespace and app.")
            String expression,

            @Required @JsonPropertyDescription("Why such a Pod cannot have it.")
            String message) {}

    record Warning(
            @Required @JsonPropertyDescription("Its name.") String name,

            @Required @JsonPropertyDescription("CEL, without ${…}, over params, pod, namespace and app.")
            String expression,

            @Required @JsonPropertyDescription("What is wrong, and what would be right.")
            String message) {}
}
