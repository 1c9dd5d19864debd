package dev.pillion.injection.audit;

import dev.pillion.catalog.Catalog;
import dev.pillion.injection.Injector;
import dev.pillion.injection.reason.Annotations;
import dev.pillion.pod.Namespace;
import dev.pillion.pod.Owner;
import dev.pillion.pod.Pod;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Checks existing Pods and collects their findings. Not thread-safe. */
public final class Audit {

    private final Injector injector;
    private final Catalog catalog;
    private final List<PodFinding> findings = new ArrayList<>();
    private long pods;

    public Audit(Injector injector, Catalog catalog) {
        this.injector = injector;
        this.catalog = catalog;
    }

    /**
     * A finding and its Pod.
     *
     * @param created the time when the Pod was created (RFC 3339); empty for the template of a manifest
     */
    public record PodFinding(String namespace, Owner owner, String pod, String created, AuditFinding finding) {}

    /** Checks a Pod, unless it has ended, is being deleted, or is one that Pillion never changes. */
    public void check(Pod pod, Namespace namespace) {
        String phase = pod.tree().path("status").path("phase").asText();
        boolean isDeleted = pod.tree().path("metadata").has("deletionTimestamp");
        if (isDeleted
                || phase.equals("Succeeded")
                || phase.equals("Failed")
                || pod.annotations().containsKey(Annotations.MIRROR)
                || injector.excluded(namespace).isPresent()) {
            return;
        }
        pods++;
        String created = pod.tree().path("metadata").path("creationTimestamp").asText();
        Pod submitted = pod.asSubmitted();
        for (AuditFinding finding :
                AuditFinding.of(submitted, injector.decide(submitted, namespace, catalog), catalog)) {
            findings.add(new PodFinding(namespace.name(), pod.owner(), pod.name(), created, finding));
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

    /** How many of the Pods have a finding; findings of policies in Audit mode count only if the Pod would be denied. */
    public long podsWithFindings() {
        return podsWith(kind -> kind != AuditFinding.Kind.AUDITED);
    }

    /** How many of the Pods have a finding of a kind. */
    public long podsWith(AuditFinding.Kind kind) {
        return podsWith(kind::equals);
    }

    private long podsWith(Predicate<AuditFinding.Kind> kinds) {
        return findings.stream()
                .filter(finding -> kinds.test(finding.finding().kind()))
                .map(finding -> finding.namespace() + "/" + finding.pod())
                .distinct()
                .count();
    }
}
