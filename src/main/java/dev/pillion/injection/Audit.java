package dev.pillion.injection;

import dev.pillion.catalog.Catalog;
import dev.pillion.pod.Namespace;
import dev.pillion.pod.Owner;
import dev.pillion.pod.Pod;
import java.util.ArrayList;
import java.util.List;

/** Looks at Pods that are there, and collects what each was to have and lacks. Not thread-safe. */
public final class Audit {

    private final Injector injector;
    private final Catalog catalog;
    private final List<Finding> findings = new ArrayList<>();
    private long pods;

    public Audit(Injector injector, Catalog catalog) {
        this.injector = injector;
        this.catalog = catalog;
    }

    /** What a Pod lacks. */
    public record Finding(String namespace, Owner owner, String pod, AuditFinding lack) {}

    /** Looks at a Pod, unless it has ended or is about to: nothing would come of it. */
    public void look(Pod pod, Namespace namespace) {
        String phase = pod.tree().path("status").path("phase").asText();
        boolean ends = pod.tree().path("metadata").has("deletionTimestamp");
        if (ends || phase.equals("Succeeded") || phase.equals("Failed")) {
            return;
        }
        pods++;
        for (AuditFinding lack : AuditFinding.of(injector.decide(pod.asSubmitted(), namespace, catalog))) {
            findings.add(new Finding(namespace.name(), pod.owner(), pod.name(), lack));
        }
    }

    /** How many Pods were looked at. */
    public long pods() {
        return pods;
    }

    /** In the order in which the Pods came. */
    public List<Finding> findings() {
        return findings;
    }

    /** How many of the Pods lack something that they were to have; what policies only watch for does not count. */
    public long lacking() {
        return findings.stream()
                .filter(finding -> finding.lack().kind() != AuditFinding.Kind.AUDITED)
                .map(finding -> finding.namespace() + "/" + finding.pod())
                .distinct()
                .count();
    }
}
