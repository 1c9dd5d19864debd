package dev.pillion.cluster.resource;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.IntOrString;
import java.util.List;
import java.util.Map;

/**
 * The spec of an {@code InjectionProfile}. A field that may be a {@code ${…}} has no type, because its value may be a list or a map.
 *
 * <p>Over 200 lines because the custom resource definition is generated from one class with a nested class for each of its objects.
 */
public record ProfileSpec(
        @Required @JsonPropertyDescription("One sentence for the app team: what the profile adds.")
        String description,

        @JsonPropertyDescription(
                "Open: every Pod may request the profile. Restricted: a policy must permit it. The default is Open.")
        Access access,

        @Size(max = 256)
        @ValidationRule(
                value = "self.all(a, self.exists_one(b, a.name == b.name))",
                message = "the names of parameters are unique")
        @JsonPropertyDescription("Parameters, which annotations set and expressions read as params.")
        List<Parameter> parameters,

        @JsonPropertyDescription("Containers that complete before the app starts.")
        List<InitContainer> initContainers,

        @JsonPropertyDescription("Containers that run next to the app.")
        List<Sidecar> sidecars,

        @JsonPropertyDescription("Volumes to add to the Pod, in the form of Kubernetes.")
        List<Volume> volumes,

        @JsonPropertyDescription("Directories that the app's containers share with the profile's containers.")
        List<SharedDirectory> sharedDirectories,

        @JsonPropertyDescription("Additions to the app's containers. They never replace what a container sets itself.")
        App app,

        @JsonPropertyDescription("Additions to the Pod. They never replace what the Pod sets itself.")
        Pod pod,

        @JsonPropertyDescription("Guards. If one is true, the profile is skipped with a warning.")
        List<Guard> skipWhen,

        @JsonPropertyDescription("Conditions. If one is true, the user gets a warning.")
        List<Warning> warnWhen,

        @JsonPropertyDescription(
                "Whether annotations of Pods and namespaces may pin an earlier generation of the profile. Policies always can. The default is false.")
        Boolean pinnable,

        @Min(0)
        @Max(50)
        @JsonPropertyDescription(
                "How many earlier generations the status keeps, for those who pin them. Pinned generations are kept beyond this number, up to 64 generations. The default is 10.")
        Integer historyLimit,

        @Min(0)
        @Max(100)
        @JsonPropertyDescription(
                "The percentage of workloads that get this generation. The others get the last generation that was in force for all workloads. The selection is stable. The default is 100.")
        Integer percentage) {

    enum Access {
        @JsonProperty("Open")
        OPEN,
        @JsonProperty("Restricted")
        RESTRICTED
    }

    @ValidationRule(
            value = "(self.type == 'enum') == (has(self.values) && size(self.values) > 0)",
            message = "an enum lists its values, and no other type has values")
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
                    "The name: annotations set <profile>.pillion.dev/<name>, and expressions read params.<name>.")
            String name,

            @Required @JsonPropertyDescription("The type of the value.")
            ParameterType type,

            @JsonPropertyDescription("One sentence for the app team: what the parameter does.")
            String description,

            @JsonProperty("default")
            @JsonPropertyDescription(
                    "The value if nothing sets the parameter. It may contain ${…} with pod, namespace, app and earlier parameters.")
            JsonNode defaultValue,

            @JsonPropertyDescription("Whether the parameter must be set. A parameter with a default is not required.")
            Boolean required,

            @JsonPropertyDescription(
                    "An RE2 expression that the whole value must match. It applies to each element of a list and to each key of a map.")
            String pattern,

            @JsonPropertyDescription("The minimum of an integer or a port.")
            Long minimum,

            @JsonPropertyDescription("The maximum of an integer or a port.")
            Long maximum,

            @JsonPropertyDescription(
                    "For the type resources: the lowest requests and limits that an annotation may set, by resource. The default is what each container has.")
            Map<String, IntOrString> atLeast,

            @JsonPropertyDescription(
                    "For the type resources: the highest requests and limits that may be set, by resource.")
            Map<String, IntOrString> atMost,

            @JsonPropertyDescription("The values of an enum.")
            List<String> values,

            @JsonPropertyDescription("Whether an annotation may set the parameter. The default is true.")
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
            @Required @JsonPropertyDescription("The name of the container. With forEach it contains ${…}.")
            String name,

            @JsonPropertyDescription("The image. It may be absent if the container inherits it.")
            String image,

            @JsonPropertyDescription(
                    "The position among the init containers: an integer or one ${…}. The Pod's own init containers have 50. The default is 40.")
            IntOrString order,

            @JsonPropertyDescription("One ${…}. If it is false, this entry is not added.")
            String when,

            @Size(min = 1, max = 1)
            @JsonPropertyDescription("Adds one container for each element of a list: {target: \"${params.targets}\"}.")
            Map<String, String> forEach,

            @Size(max = 16) @JsonPropertyDescription("The fields to copy from the app's container.")
            List<Inherited> inherit,

            @JsonPropertyDescription("Files to mount into the container. Their content is in annotations of the Pod.")
            List<File> files) {}

    @ValidationRule(
            value = "has(self.image) || has(self.inherit) && 'image' in self.inherit",
            message = "a container has an image, or inherits it")
    record Sidecar(
            @Required @JsonPropertyDescription("The name of the container. With forEach it contains ${…}.")
            String name,

            @JsonPropertyDescription("The image. It may be absent if the container inherits it.")
            String image,

            @JsonPropertyDescription(
                    "The position among the init containers: an integer or one ${…}. The Pod's own init containers have 50. The default is 60.")
            IntOrString order,

            @JsonPropertyDescription(
                    "Whether the app needs this sidecar to work. A critical sidecar must have a startupProbe and a readinessProbe. The Pod is not ready while the sidecar is not ready.")
            Boolean critical,

            @JsonPropertyDescription("One ${…}. If it is false, this entry is not added.")
            String when,

            @Size(min = 1, max = 1)
            @JsonPropertyDescription("Adds one container for each element of a list: {target: \"${params.targets}\"}.")
            Map<String, String> forEach,

            @Size(max = 16) @JsonPropertyDescription("The fields to copy from the app's container.")
            List<Inherited> inherit,

            @JsonPropertyDescription("Files to mount into the container. Their content is in annotations of the Pod.")
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
            @Required
            @JsonPropertyDescription("The path in the container. The mount hides other files in the same directory.")
            String path,

            @Required @JsonPropertyDescription("Text, or a tree that is written as JSON.")
            JsonNode content,

            @JsonPropertyDescription("One ${…}. If it is false, this entry is not added.")
            String when) {}

    record Volume(
            @Required @JsonPropertyDescription("The name of the volume.")
            String name) {}

    record SharedDirectory(
            @JsonPropertyDescription("Adds one shared directory for each element of a list.")
            Map<String, String> forEach,

            @Required
            @JsonPropertyDescription(
                    "The path in every container. If the app mounts a volume there, that volume is shared.")
            String path,

            @JsonPropertyDescription("The name of the volume that is added if the app mounts none there.")
            String name,

            @JsonPropertyDescription("Containers of this profile that mount it read-only.")
            List<String> readers,

            @JsonPropertyDescription("Containers of this profile that can write to it.")
            List<String> writers,

            @JsonPropertyDescription("Options of the added volume.")
            JsonNode emptyDir) {}

    record App(
            @JsonPropertyDescription("Environment variables, in the form of Kubernetes.")
            JsonNode env,

            @JsonPropertyDescription("Sources of variables, in the form of Kubernetes.")
            JsonNode envFrom,

            @JsonPropertyDescription("Volume mounts, in the form of Kubernetes.")
            JsonNode volumeMounts) {}

    record Pod(
            @JsonPropertyDescription("Labels.") JsonNode labels,
            @JsonPropertyDescription("Annotations.") JsonNode annotations,

            @JsonPropertyDescription("Secrets for pulling the images.")
            JsonNode imagePullSecrets,

            @JsonPropertyDescription("Tolerations. They require access: Restricted.")
            JsonNode tolerations,

            @JsonPropertyDescription("Labels of the nodes on which the Pod can run.")
            JsonNode nodeSelector,

            @JsonPropertyDescription(
                    "Terms to add to those of the Pod, with at most one required term of node affinity.")
            JsonNode affinity,

            @JsonPropertyDescription("Constraints. Each needs a different topologyKey or whenUnsatisfiable.")
            JsonNode topologySpreadConstraints,

            @JsonPropertyDescription("Entries for /etc/hosts.")
            JsonNode hostAliases,

            @JsonPropertyDescription("nameservers, searches and options to add to those of the Pod.")
            JsonNode dnsConfig,

            @JsonPropertyDescription(
                    "Whether the containers share one process namespace. It requires access: Restricted.")
            JsonNode shareProcessNamespace,

            @JsonPropertyDescription("fsGroup, and no other field. It requires access: Restricted.")
            JsonNode securityContext,

            @JsonPropertyDescription("The minimum time that the Pod gets to terminate.")
            JsonNode terminationGracePeriodSeconds,

            @JsonPropertyDescription("The PriorityClass. It requires access: Restricted.")
            JsonNode priorityClassName,

            @JsonPropertyDescription("The RuntimeClass. It requires access: Restricted.")
            JsonNode runtimeClassName,

            @JsonPropertyDescription("The ServiceAccount. It requires access: Restricted.")
            JsonNode serviceAccountName) {}

    record Guard(
            @Required @JsonPropertyDescription("The name of the guard, for messages and metrics.")
            String name,

            @Required
            @JsonPropertyDescription(
                    "A CEL expression without ${…}, with the variables params, pod, namespace and app.")
            String expression,

            @Required @JsonPropertyDescription("Why the profile is skipped.")
            String message) {}

    record Warning(
            @Required @JsonPropertyDescription("The name of the condition.")
            String name,

            @Required
            @JsonPropertyDescription(
                    "A CEL expression without ${…}, with the variables params, pod, namespace and app.")
            String expression,

            @Required @JsonPropertyDescription("What is wrong, and how to correct it.")
            String message) {}
}
