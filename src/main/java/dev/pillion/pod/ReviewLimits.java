package dev.pillion.pod;

/**
 * The limits of one review and its result. A Pod that exceeds a limit is denied before the work is done, so that no Pod delays the Pods of other
 * teams. {@code docs/limits.md} lists the limits for users.
 */
public final class ReviewLimits {

    /** Kubernetes' limit for all annotations of an object together (ValidateAnnotationsSize in k8s.io/apimachinery). */
    public static final int ANNOTATION_BYTES = 256 * 1024;

    /** All additions to one Pod, in bytes of JSON: etcd stores no object of more than 1.5 MiB (its flag {@code max-request-bytes}). */
    public static final int ADDED_BYTES = 1_536 * 1024;

    /** Containers added to one Pod. {@code wait-for} adds one for each of its 100 targets; the kubelet runs 110 Pods on a node. */
    public static final int ADDED_CONTAINERS = 250;

    /** Instances of profiles in one Pod. Each is rendered, and compared with the others and with the Pod. */
    public static final int INSTANCES = 50;

    /** Environment variables added to all containers of one Pod: 50 in each of 100 containers. Each is an operation of the patch. */
    public static final int ADDED_VARIABLES = 5_000;

    /** Volume mounts added to all containers of one Pod. */
    public static final int ADDED_MOUNTS = 5_000;

    /** Elements of a parameter that is a list or a map: an expression takes up to 10 µs for each, and several fields can use the list. */
    public static final int ELEMENTS = 1_000;

    /** Paths of a parameter, and repetitions of a shared directory: each becomes a volume and several mounts. */
    public static final int PATHS = 100;

    /** Characters of one parameter's annotation: a quarter of the limit for all annotations. 64 KiB are about 40 certificates. */
    public static final int PARAMETER_LENGTH = 64 * 1024;

    /** Characters of a text that is matched against a pattern. A match takes about 100 ns for each. Paths and URLs are shorter (PATH_MAX). */
    public static final int MATCHED_LENGTH = 4_096;

    /** Characters of a container's name (RFC 1123 label). Kubernetes rejects longer names after the webhooks, so these must not compare or repeat them. */
    public static final int NAME_LENGTH = 63;

    /**
     * Maps, lists and scalars of the object in a review. Each takes up to 220 bytes of memory, 22 MB in total. A Pod of 1.5 MiB has 60,000 at 25
     * bytes each.
     */
    public static final int NODES = 100_000;

    /** Nesting of maps and lists in an object: Kubernetes' own types have a depth of less than 20. */
    public static final int DEPTH = 100;

    /** Digits of the exponent of a number. Kubernetes' own fields are integers of 64 bits. */
    public static final int EXPONENT_DIGITS = 3;

    /** Warnings about one Pod. The API server shows at most 4,096 characters of them, and 120 of each. */
    public static final int WARNINGS = 100;

    /** Characters of one denial or warning. The longest message with a list of known names has 1,400. */
    public static final int MESSAGE_LENGTH = 2_000;

    /** Mistakes of one Pod that a denial lists, if its length allows; further ones are counted. */
    public static final int MISTAKES = 20;

    /** Characters of one audit annotation: the audit log has one line for each request. */
    public static final int AUDIT_LENGTH = 4_096;

    private ReviewLimits() {}
}
