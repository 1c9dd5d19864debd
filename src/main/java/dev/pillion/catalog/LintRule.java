package dev.pillion.catalog;

import dev.pillion.yaml.Document;
import java.util.Locale;

/** A rule for profiles and policies that compile but are probably wrong. The names are stable, because files and other programs use them. */
public enum LintRule {
    MISSING_REQUESTS("A companion without requests gets Pillion's small defaults, which may be wrong for it."),
    FLOATING_IMAGE("An image without a version can change at any time without a review."),
    UNKNOWN_FIELD("Kubernetes ignores unknown fields. The field may belong to a newer Kubernetes, or be a mistake."),
    OPTIONAL_READ(
            "A condition fails for a Pod without a field that it reads. The policy is skipped, unless its mode is Enforce."),
    UNREACHABLE_PROFILE("No Pod can get a restricted profile that no policy injects or permits."),
    UNUSED_PARAMETER("A parameter that the profile does not use has no effect."),
    KUBELET_VARIABLE("The kubelet replaces $(NAME) if the container has a variable of that name, also in a script."),
    CONTESTED_DIRECTORY("Two companions that write to one directory overwrite each other in a Pod that has both."),
    OPEN_PARAMETERS(
            "A Pod can make an enforced companion ineffective unless the policy limits the parameters that Pods can set."),
    UNRESTRICTED_MATCH(
            "A mistake in a policy that enforces profiles for all Pods affects every new Pod of the cluster."),
    REQUIRED_PARAMETER(
            "Pods that do not set the parameter lack an enforced companion. In strict namespaces they are denied."),
    ENDED_POLICY("A policy whose time is over applies to no Pod.");

    /**
     * The prefix of an annotation that exempts a profile or policy from a rule. The rule's id follows it. The value is the reason.
     */
    public static final String ANNOTATION_PREFIX = "lint.pillion.dev/";

    private final String reason;

    LintRule(String reason) {
        this.reason = reason;
    }

    /** The name in files and reports, for example {@code floating-image}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The annotation that exempts a resource from this rule. */
    public String annotation() {
        return ANNOTATION_PREFIX + id();
    }

    /** Whether the document is exempt from this rule. An annotation without a reason has no effect. */
    public boolean isExceptedIn(Document document) {
        return !document.tree()
                .at("/metadata/annotations")
                .path(annotation())
                .asText()
                .isBlank();
    }

    /** The reason for this rule. */
    public String reason() {
        return reason;
    }
}
