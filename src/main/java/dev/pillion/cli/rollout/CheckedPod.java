package dev.pillion.cli.rollout;

import dev.pillion.catalog.Catalog;
import dev.pillion.injection.Injector;
import dev.pillion.injection.audit.Audit;
import dev.pillion.injection.audit.AuditFinding;
import dev.pillion.injection.audit.AuditFinding.Kind;
import dev.pillion.injection.audit.InPlaceUpdate;
import dev.pillion.injection.plan.Status;
import dev.pillion.pod.Namespace;
import dev.pillion.pod.Pod;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A live Pod, compared with a Pod that is created now.
 *
 * @param findings the missing and outdated companions, and those that Pillion cannot provide
 * @param update the images and resources that bring the Pod up to date; empty if that takes more
 */
record CheckedPod(Pod pod, List<AuditFinding> findings, Optional<InPlaceUpdate> update) {

    private static final Set<Kind> OUTDATED = Set.of(Kind.MISSING, Kind.OUTDATED);

    CheckedPod {
        findings = findings.stream()
                .filter(finding -> OUTDATED.contains(finding.kind()) || finding.kind() == Kind.UNMET)
                .toList();
    }

    static CheckedPod of(Pod pod, Namespace namespace, Injector injector, Catalog catalog) {
        CheckedPod checked = new CheckedPod(
                pod, Audit.findings(pod, namespace, injector, catalog, Audit.Detail.DIFFERENCES), Optional.empty());
        return checked.isOutdated()
                ? new CheckedPod(pod, checked.findings(), InPlaceUpdate.of(pod, namespace, injector, catalog))
                : checked;
    }

    boolean hasFindings() {
        return !findings.isEmpty();
    }

    /** Whether it has a finding for this profile. */
    boolean hasFinding(String profile) {
        return findings.stream().anyMatch(finding -> finding.profile().equals(profile));
    }

    /** Whether a new Pod would be different. */
    boolean isOutdated() {
        return !outdated().isEmpty();
    }

    /** The missing and outdated companions. */
    List<AuditFinding> outdated() {
        return findings.stream()
                .filter(finding -> OUTDATED.contains(finding.kind()))
                .toList();
    }

    /** The enforced companions that Pillion cannot provide. */
    List<AuditFinding> unmet() {
        return findings.stream().filter(finding -> finding.kind() == Kind.UNMET).toList();
    }

    /** Those that the Pod has from before, or may have if the name of the profile is not known. */
    List<AuditFinding> lostByRestart() {
        Set<String> present = Status.of(pod).profiles().keySet();
        return unmet().stream()
                .filter(finding ->
                        finding.profile().isEmpty() ? !present.isEmpty() : present.contains(finding.profile()))
                .toList();
    }

    /** Whether the kubelet has applied the new resources that the Pod's spec has; empty if there are none. */
    Optional<ResizeState> resizeState() {
        return update.filter(InPlaceUpdate::isResizing).map(each -> ResizeState.of(pod, each.resizes()));
    }

    boolean awaitsResources() {
        return resizeState()
                .filter(state -> !(state instanceof ResizeState.Applied))
                .isPresent();
    }
}
