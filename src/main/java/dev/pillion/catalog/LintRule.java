package dev.pillion.catalog;

import dev.pillion.yaml.Document;
import java.util.Locale;

/** What compiles, and is a mistake more often than not. The names are stable: files and other programs hold them. */
public enum LintRule {
    MISSING_REQUESTS("A companion without requests of its own gets Pillion's few, which nobody has measured for it."),
    FLOATING_IMAGE("An image without a version is another one tomorrow, which nobody has reviewed."),
    UNKNOWN_FIELD(
            "Kubernetes ignores a field that it does not know. The field may be one of a newer Kubernetes, or a mistake."),
    OPTIONAL_READ(
            "A condition has no value for a Pod without a field that it reads: the policy is skipped, unless it enforces."),
    UNREACHABLE_PROFILE("A restricted profile that no policy gives or permits is a profile that no Pod can have."),
    UNUSED_PARAMETER("A parameter that the profile does not use promises an app team what setting it will not do."),
    KUBELET_VARIABLE("The kubelet replaces $(NAME) if the container has a variable of that name, also in a script."),
    CONTESTED_DIRECTORY("Two companions that write to one directory overwrite each other in a Pod that has both."),
    OPEN_PARAMETERS(
            "A Pod may leave an enforced companion with nothing to do unless the policy says what Pods may set.");

    /**
     * An annotation of a profile or policy with this prefix and a rule's id excepts the resource from the rule. Its value is the reason.
     */
    public static final String ANNOTATION_PREFIX = "lint.pillion.dev/";

    private final String reason;

    LintRule(String reason) {
        this.reason = reason;
    }

    /** As it is written everywhere, for example {@code floating-image}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The annotation that excepts a resource from this rule. */
    public String annotation() {
        return ANNOTATION_PREFIX + id();
    }

    /** Whether the document has this rule's annotation with a reason. An annotation without a reason has no effect. */
    public boolean isExceptedIn(Document document) {
        return !document.tree()
                .at("/metadata/annotations")
                .path(annotation())
                .asText()
                .isBlank();
    }

    /** Why there is such a rule. */
    public String reason() {
        return reason;
    }
}
