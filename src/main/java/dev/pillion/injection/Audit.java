package dev.pillion.injection;

import dev.pillion.catalog.Catalog;
import dev.pillion.pod.Namespace;
import dev.pillion.pod.Owner;
import dev.pillion.pod.Pod;
import java.util.ArrayList;
import java.util.List;

/** Checks existing Pods and collects a finding for each profile that a Pod should have and does not. Not thread-safe. */
public final class Audit {

    private final Injector injector;
    private final Catalog catalog;
    private final List<PodFinding> findings = new ArrayList<>();
    private long pods;

    public Audit(Injector injector, Catalog catalog) {
        this.injector = injector;
        this.catalog = catalog;
    }

    /** A finding and its Pod. */
    public record PodFinding(String namespace, Owner owner, String pod, AuditFinding finding) {}

    /** Checks a Pod, unless it has ended or is being deleted. */
    public void check(Pod pod, Namespace namespace) {
        String phase = pod.tree().path("status").path("phase").asText();
        boolean isDeleted = pod.tree().path("metadata").has("deletionTimestamp");
        if (isDeleted || phase.equals("Succeeded") || phase.equals("Failed")) {
            return;
        }
        pods++;
        for (AuditFinding finding : AuditFinding.of(injector.decide(pod.asSubmitted(), namespace, catalog))) {
            findings.add(new PodFinding(namespace.name(), pod.owner(), pod.name(), finding));
        }
    }

    /** How many Pods were checked. */
    public long pods() {
        return pods;
    }

    /** In the order in which the Pods were checked. */
    public List<PodFinding> findings() {
        return findings;
    }

    /** How many of the Pods have a finding; findings of policies in Audit mode do not count. */
    public long podsWithFindings() {
        return findings.stream()
                .filter(finding -> finding.finding().kind() != AuditFinding.Kind.AUDITED)
                .map(finding -> finding.namespace() + "/" + finding.pod())
                .distinct()
                .count();
    }
}
