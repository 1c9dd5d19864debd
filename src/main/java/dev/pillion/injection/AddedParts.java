package dev.pillion.injection;

/** How the status names what a hash is of: an owner and a part of it, in the words in which people are told. */
final class AddedParts {

    /** The owner of volumes, labels and annotations. */
    static final String POD = "the Pod";

    private AddedParts() {}

    /** The owner of a container's fields, variables and mounts. */
    static String container(String name) {
        return "container " + name;
    }

    static String variable(String name) {
        return "variable " + name;
    }

    static String mount(String directory) {
        return "mount at " + directory;
    }

    static String volume(String name) {
        return "volume " + name;
    }

    static String label(String name) {
        return "label " + name;
    }

    static String annotation(String name) {
        return "annotation " + name;
    }
}
