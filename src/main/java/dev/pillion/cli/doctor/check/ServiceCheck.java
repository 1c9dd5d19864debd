package dev.pillion.cli.doctor.check;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.cluster.UnreachableClusterException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The Service forwards port 443 to Pillion's port for reviews, and selects Pillion's Pods. */
final class ServiceCheck implements Check {

    static final int PORT = 443;

    /** The name of the port in Pillion's container. */
    private static final String PORT_NAME = "https";

    private static final String FIX = "Apply your overlay again, or run helm upgrade";

    @Override
    public CheckId id() {
        return CheckId.SERVICE;
    }

    @Override
    public List<Finding> run(Inspection inspection) throws MissingRightException, UnreachableClusterException {
        Optional<JsonNode> service = inspection.object(Resource.SERVICE, Inspection.PILLION);
        String name = "Service " + inspection.namespace() + "/" + Inspection.PILLION;
        Findings findings = new Findings(id());
        if (service.isEmpty()) {
            findings.failed(name + " does not exist, so the API server cannot call Pillion", FIX);
            return findings.list();
        }
        checkPort(name, service.get(), findings);
        checkSelector(name, service.get(), inspection, findings);
        return findings.orOk(
                name + " forwards port " + PORT + " to port " + Inspection.WEBHOOK_PORT + " of Pillion's Pods");
    }

    private static void checkPort(String name, JsonNode service, Findings findings) {
        Optional<JsonNode> port = service.path("spec")
                .path("ports")
                .valueStream()
                .filter(each -> each.path("port").asInt() == PORT)
                .findFirst();
        if (port.isEmpty()) {
            findings.failed(name + " has no port " + PORT + ", which the webhooks call", FIX);
            return;
        }
        JsonNode target = port.get().path("targetPort");
        if (target.asInt() != Inspection.WEBHOOK_PORT && !target.asText().equals(PORT_NAME)) {
            findings.failed(
                    name + " forwards port " + PORT + " to port " + target.asText() + ", but Pillion listens on port "
                            + Inspection.WEBHOOK_PORT,
                    FIX);
        }
    }

    private static void checkSelector(String name, JsonNode service, Inspection inspection, Findings findings)
            throws MissingRightException, UnreachableClusterException {
        Optional<JsonNode> deployment = inspection.deployment();
        if (deployment.isEmpty()) {
            return; // The check deployment reports that.
        }
        Map<String, String> labels = PillionWorkload.labels(deployment.get());
        JsonNode selector = service.path("spec").path("selector");
        boolean selects = !selector.isEmpty()
                && selector.properties().stream()
                        .allMatch(label -> label.getValue().asText().equals(labels.get(label.getKey())));
        if (!selects) {
            findings.failed(
                    name + " does not select Pillion's Pods: its selector is " + selector
                            + (selector.isMissingNode() ? "missing" : ""),
                    FIX);
        }
    }
}
