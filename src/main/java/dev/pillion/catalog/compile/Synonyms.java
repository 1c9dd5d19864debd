package dev.pillion.catalog.compile;

import java.util.HashMap;
import java.util.Map;

/** Words that users write for fields and types with another name, in lower case. */
final class Synonyms {

    /** Synonyms of the types of parameters. There is no type for {@code float}. */
    static final Map<String, String> PARAMETER_TYPES = table(
            "integer", "int int32 int64 long number num uint",
            "boolean", "bool flag",
            "string", "str text char varchar",
            "list", "array stringlist strings list[string] array[string] []string string[] set",
            "map", "object dict dictionary hash stringmap map[string]string",
            "path", "file filename dir directory folder",
            "duration", "time timeout interval seconds",
            "quantity", "cpu memory size bytes resource",
            "enum", "choice select oneof",
            "endpoints", "targets addresses hosts");

    /** Synonyms of the fields of profiles and policies. Only fields of the same map are suggested. */
    static final Map<String, String> FIELDS = table(
            "parameters", "params variables inputs",
            "sidecars", "containers sidecarcontainers",
            "sharedDirectories", "sharedvolumes shareddirs directories",
            "skipWhen", "guards skipif unless",
            "warnWhen", "warnings warnif hints",
            "app", "application",
            "app.env", "env environment",
            "app.envFrom", "envfrom",
            "app.volumeMounts", "volumemounts",
            "pod.labels", "labels",
            "pod.annotations", "annotations",
            "pod.imagePullSecrets", "imagepullsecrets",
            "description", "desc help doc documentation",
            "default", "value defaultvalue",
            "minimum", "min",
            "maximum", "max",
            "pattern", "regex regexp",
            "values", "options choices enum oneof",
            "overridable", "locked readonly",
            "expression", "condition cel",
            "message", "reason text",
            "path", "mountpath directory dir",
            "content", "contents data",
            "readers", "consumers",
            "writers", "producers",
            "match", "selector selectors",
            "namespaceSelector", "namespaces namespace",
            "podSelector", "pods",
            "matchConditions", "conditions",
            "percentage", "percent canary",
            "until", "expires expiry end enddate validuntil expirationdate");

    /** Synonyms of the fields of Kubernetes objects. */
    static final Map<String, String> KUBERNETES_FIELDS = table(
            "command", "cmd entrypoint",
            "args", "arguments",
            "env", "environment",
            "envFrom", "environmentfrom",
            "volumeMounts", "mounts",
            "imagePullPolicy", "pullpolicy",
            "workingDir", "workdir cwd",
            "initialDelaySeconds", "initialdelay",
            "periodSeconds", "period interval",
            "timeoutSeconds", "timeout",
            "terminationGracePeriodSeconds", "graceperiod terminationgraceperiod",
            "order", "priority",
            "when", "if condition",
            "forEach", "foreachof repeat");

    private Synonyms() {}

    /** @param words a name, then its synonyms with spaces between them, and so on */
    private static Map<String, String> table(String... words) {
        Map<String, String> table = new HashMap<>();
        for (int index = 0; index < words.length; index += 2) {
            for (String synonym : words[index + 1].split(" ", -1)) {
                table.put(synonym, words[index]);
            }
        }
        return Map.copyOf(table);
    }
}
