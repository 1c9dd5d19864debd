package dev.pillion.cli.doctor.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.cluster.ApiResponse;
import dev.pillion.cluster.UnreachableClusterException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A Pod that requests a built-in profile gets it from the real API server. The Pod is a dry run, so it is not stored. */
final class DryRunPodCheck implements Check {

    private static final String PROFILE = "logging";
    private static final String STATUS = "pillion.dev/status";
    private static final String RUNBOOK = "Follow docs/operations.md#pillionwebhookfailingopen";

    /** The messages of k8s.io/apiserver, {@code pkg/admission/plugin/webhook/errors}. */
    private static final Pattern FAILED = Pattern.compile("failed calling webhook \"([^\"]+)\": (.*)");

    private static final Pattern DENIED = Pattern.compile("admission webhook \"([^\"]+)\" denied the request.*");

    private static final Pattern NO_DRY_RUN =
            Pattern.compile("admission webhook \"([^\"]+)\" does not support dry run.*");

    private static final Pattern RBAC = Pattern.compile("pods is forbidden: User .* cannot create resource.*");

    @Override
    public CheckId id() {
        return CheckId.DRY_RUN_POD;
    }

    @Override
    public List<Finding> run(Inspection inspection) throws MissingRightException, UnreachableClusterException {
        String namespace = inspection.podNamespace();
        ApiResponse response = inspection.evaluate(Resource.POD.path(namespace) + "?dryRun=All", pod(namespace));
        Findings findings = new Findings(id());
        if (response.isForbidden() && RBAC.matcher(response.message()).lookingAt()) {
            throw new MissingRightException(Resource.POD.right("create", namespace));
        }
        if (response.isSuccessful()) {
            checkInjected(response.body(), namespace, findings);
        } else {
            interpret(response, namespace, findings);
        }
        return findings.orOk("A Pod in namespace " + namespace + " that requests the profile " + PROFILE
                + " gets its companion (a dry run)");
    }

    private static void checkInjected(JsonNode pod, String namespace, Findings findings) {
        String status = pod.path("metadata").path("annotations").path(STATUS).asText("");
        if (!status.contains(PROFILE)) {
            findings.failed(
                    "A Pod in namespace " + namespace + " that requests the profile " + PROFILE
                            + " gets no companion. The API server cannot call Pillion, or the webhook excludes the"
                            + " namespace",
                    RUNBOOK + ". Use --dry-run-namespace if Pillion should not change Pods of this namespace");
        }
    }

    private static void interpret(ApiResponse response, String namespace, Findings findings) {
        String message = response.message();
        Matcher failed = FAILED.matcher(message);
        Matcher denied = DENIED.matcher(message);
        Matcher unsupported = NO_DRY_RUN.matcher(message);
        if (failed.find()) {
            boolean own = isPillion(failed.group(1));
            findings.failed(
                    "The API server cannot call the webhook " + failed.group(1) + ": " + failed.group(2),
                    own ? RUNBOOK : "Repair this webhook. It is not one of Pillion's");
        } else if (denied.find()) {
            findings.warning(
                    "Not checked completely: a Pod in namespace " + namespace + " is denied. " + message,
                    isPillion(denied.group(1))
                            ? "Pillion answers. See docs/troubleshooting.md#reason-codes, or use --dry-run-namespace"
                            : "Use --dry-run-namespace with a namespace that allows the Pod");
        } else if (unsupported.find()) {
            findings.warning(
                    "Not checked: the webhook " + unsupported.group(1) + " does not support dry runs",
                    "Use --dry-run-namespace with a namespace that this webhook excludes");
        } else {
            findings.warning(
                    "Not checked completely: the API server rejects a Pod in namespace " + namespace + " ("
                            + response.code() + "): " + message,
                    "Use --dry-run-namespace with a namespace that allows the Pod");
        }
    }

    private static boolean isPillion(String webhook) {
        return webhook.endsWith(".pillion.dev");
    }

    /** Meets the strictest Pod Security Standard, and has requests and limits for namespaces with a quota. */
    private static ObjectNode pod(String namespace) {
        ObjectNode pod = JsonNodeFactory.instance.objectNode();
        pod.put("apiVersion", "v1").put("kind", "Pod");
        ObjectNode metadata = pod.putObject("metadata").put("namespace", namespace);
        metadata.put("generateName", "pillion-doctor-");
        metadata.putObject("annotations").put("pillion.dev/inject", PROFILE);
        ObjectNode spec = pod.putObject("spec");
        spec.putObject("securityContext")
                .put("runAsNonRoot", true)
                .put("runAsUser", 65534)
                .putObject("seccompProfile")
                .put("type", "RuntimeDefault");
        ObjectNode container =
                spec.putArray("containers").addObject().put("name", "app").put("image", "busybox:1.37");
        ObjectNode context = container.putObject("securityContext").put("allowPrivilegeEscalation", false);
        context.putObject("capabilities").putArray("drop").add("ALL");
        ObjectNode resources = container.putObject("resources");
        resources.putObject("requests").put("cpu", "10m").put("memory", "16Mi");
        resources.putObject("limits").put("cpu", "10m").put("memory", "16Mi");
        return pod;
    }
}
