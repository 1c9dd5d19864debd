package dev.pillion.cli.rollout;

import dev.pillion.injection.audit.AuditFinding;
import dev.pillion.injection.audit.AuditFinding.Kind;
import dev.pillion.injection.audit.ImageUpdate;
import dev.pillion.pod.Pod;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A live Pod, compared with a Pod that is created now.
 *
 * @param findings the missing and outdated companions
 * @param images the images that bring the Pod up to date; empty if that takes more
 */
record CheckedPod(Pod pod, List<AuditFinding> findings, Optional<ImageUpdate> images) {

    CheckedPod {
        findings = findings.stream()
                .filter(finding -> finding.kind() == Kind.MISSING || finding.kind() == Kind.OUTDATED)
                .toList();
    }

    boolean isOutdated() {
        return !findings.isEmpty();
    }

    /** Whether a companion of this profile is missing or outdated. */
    boolean isOutdatedIn(String profile) {
        return findings.stream().anyMatch(finding -> finding.profile().equals(profile));
    }

    /** What is missing or outdated, a sentence for each profile. */
    Stream<String> reasons() {
        return findings.stream()
                .map(finding ->
                        (finding.profile() + " (" + finding.kind() + "): ").stripLeading() + finding.description());
    }
}
