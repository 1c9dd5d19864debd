package dev.pillion.injection.apply;

/** The keys of the hashes in the status: an owner and a part of it. Warnings use the same names. */
public final class AddedParts {

    /** The owner of volumes, labels and annotations. */
    public static final String POD = "the Pod";

    private AddedParts() {}

    /** The owner of a container's fields, variables and mounts. */
    public static String container(String name) {
        return "container " + name;
    }

    public static String variable(String name) {
        return "variable " + name;
    }

    public static String mount(String directory) {
        return "mount at " + directory;
    }

    public static String volume(String name) {
        return "volume " + name;
    }

    public static String label(String name) {
        return "label " + name;
    }

    public static String annotation(String name) {
        return "annotation " + name;
    }
}
