package dev.pillion.injection.audit;

import dev.pillion.catalog.Catalog;
import dev.pillion.injection.Decision;
import dev.pillion.injection.Decision.Denied;
import dev.pillion.injection.Injector;
import dev.pillion.injection.reason.Annotations;
import dev.pillion.injection.reason.ReasonCode;
import dev.pillion.pod.Namespace;
import dev.pillion.pod.Owner;
import dev.pillion.pod.Pod;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Checks existing Pods and collects their findings. Not thread-safe. */
public final class Audit {

    private final Injector injector;
    private final Catalog catalog;
    private final Detail detail;
    private final List<PodFinding> findings = new ArrayList<>();
    private long pods;

    public Audit(Injector injector, Catalog catalog, Detail detail) {
        this.injector = injector;
        this.catalog = catalog;
        this.detail = detail;
    }

    /** How much a finding contains. */
    public enum Detail {
        /** Why a Pod is outdated. */
        CAUSE,
        /** Also what would change in an outdated Pod, which takes several times as long. */
        DIFFERENCES
    }

    /**
     * A finding and its Pod.
     *
     * @param created the time when the Pod was created; empty for the template of a manifest
     */
    public record PodFinding(
            String namespace, Owner owner, String pod, Optional<Instant> created, AuditFinding finding) {}

    /**
     * Checks a Pod, unless it has ended, is being deleted, or is one that Pillion never changes.
     *
     * @return whether the Pod was checked
     */
    public boolean check(Pod pod, Namespace namespace) {
        if (!isChecked(pod, namespace, injector)) {
            return false;
        }
        pods++;
        for (AuditFinding finding : findings(pod, namespace, injector, catalog, detail)) {
            findings.add(new PodFinding(namespace.name(), pod.owner(), pod.name(), created(pod), finding));
        }
        return true;
    }

    /** Whether the Pod has not ended, is not being deleted, and is not one that Pillion never changes. */
    public static boolean isChecked(Pod pod, Namespace namespace, Injector injector) {
        String phase = pod.tree().path("status").path("phase").asText();
        return !pod.tree().path("metadata").hasNonNull("deletionTimestamp")
                && !phase.equals("Succeeded")
                && !phase.equals("Failed")
                && !pod.annotations().containsKey(Annotations.MIRROR)
                && injector.excluded(namespace).isEmpty();
    }

    /** The findings for one Pod. */
    public static List<AuditFinding> findings(
            Pod pod, Namespace namespace, Injector injector, Catalog catalog, Detail detail) {
        Pod submitted = pod.asSubmitted();
        Decision decision = injector.decide(submitted, namespace, catalog);
        boolean keepsAdditions =
                decision instanceof Denied denied && denied.reason().code() == ReasonCode.CHANGED_REQUEST;
        return AuditFinding.of(
                submitted,
                decision,
                keepsAdditions
                        ? injector.unmet(submitted, namespace, catalog)
                        : decision.plan().unmet(),
                catalog,
                detail);
    }

    /** The time when a Pod was created; empty if its metadata have none, as in a manifest. */
    public static Optional<Instant> created(Pod pod) {
        try {
            return Optional.of(Instant.parse(
                    pod.tree().path("metadata").path("creationTimestamp").asText()));
        } catch (DateTimeParseException e) {
            return Optional.empty();
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
