package dev.pillion.pod;

/**
 * What one review may cost and produce. A Pod that exceeds one of these limits is denied before the work is done, so that no Pod delays the
 * Pods of other teams. {@code docs/limits.md} lists them for users.
 */
public final class ReviewLimits {

    /** Kubernetes' limit for all annotations of an object together (ValidateAnnotationsSize in k8s.io/apimachinery). */
    public static final int ANNOTATION_BYTES = 256 * 1024;

    /** What one Pod gets altogether, in bytes of JSON: etcd stores no object of more than 1.5 MiB (its flag {@code max-request-bytes}). */
    public static final int ADDED_BYTES = 1_536 * 1024;

    /** Added to one Pod. {@code wait-for} adds one for each of its 100 targets; the kubelet runs 110 Pods on a whole node. */
    public static final int ADDED_CONTAINERS = 250;

    /** Further copies of profiles in one Pod. Each is rendered, and compared with the others and with the Pod. */
    public static final int INSTANCES = 50;

    /** Added to one Pod, in all of its containers together: 50 in each of 100 containers. Each takes an operation of the patch. */
    public static final int ADDED_VARIABLES = 5_000;

    /** As for variables. */
    public static final int ADDED_MOUNTS = 5_000;

    /** Of a parameter that is a list or a map: an expression takes up to 10 µs for each, and a list may fill several fields. */
    public static final int ELEMENTS = 1_000;

    /** Of a parameter that is a list of paths, and of one shared directory that is repeated: each becomes a volume and several mounts. */
    public static final int PATHS = 100;

    /** Of one parameter's annotation, in characters: a quarter of what all annotations may hold. 64 KiB are about 40 certificates. */
    public static final int PARAMETER_LENGTH = 64 * 1024;

    /** Of a text that a pattern is matched against, in characters. It takes about 100 ns for each; a path or a URL has no more (PATH_MAX). */
    public static final int MATCHED_LENGTH = 4_096;

    /** Of a container's name (RFC 1123 label). Kubernetes refuses a longer one after the webhooks, which must not compare or repeat it. */
    public static final int NAME_LENGTH = 63;

    /**
     * Maps, lists and scalars of the object in a review. In memory each takes up to 220 bytes, so these take 22 MB. A Pod of 1.5 MiB has
     * 60,000 at 25 bytes each.
     */
    public static final int NODES = 100_000;

    /** Of the maps and lists in an object: Kubernetes' own types nest less than 20 deep. */
    public static final int DEPTH = 100;

    /** Digits of the exponent of a number. Kubernetes' own fields hold integers of 64 bits. */
    public static final int EXPONENT_DIGITS = 3;

    /** Warnings that are kept about one Pod. The API server shows at most 4,096 characters of them, 120 for each. */
    public static final int WARNINGS = 100;

    /** Of one denial or warning in characters. The longest message that lists what is known has 1,400. */
    public static final int MESSAGE_LENGTH = 2_000;

    /** Of one Pod that a denial names, as far as the length of its message allows; further ones are counted. */
    public static final int MISTAKES = 20;

    /** Of one audit annotation in characters: the audit log has one line for each request. */
    public static final int AUDIT_LENGTH = 4_096;

    private ReviewLimits() {}
}
