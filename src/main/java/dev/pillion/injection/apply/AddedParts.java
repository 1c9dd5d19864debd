package dev.pillion.injection.apply;

import dev.pillion.pod.Container;
import dev.pillion.pod.ContainerList;
import java.util.Map;

/**
 * The keys of the hashes in the status: an owner and a part of it. Together they are a path, for example {@code containers.web} and
 * {@code env.MODE}. The status also uses such paths for the lists and maps that the injection created.
 */
public final class AddedParts {

    /** The owner of volumes. */
    public static final String SPEC = "spec";

    /** The owner of labels and annotations. */
    public static final String METADATA = "metadata";

    /** The words for the first step of a part's path. */
    private static final Map<String, String> WORDS = Map.of(
            "env", "variable ",
            "volumeMounts", "mount at ",
            "volumes", "volume ",
            "labels", "label ",
            "annotations", "annotation ");

    private AddedParts() {}

    /** The owner of a container's fields, variables and mounts. */
    public static String container(Container container) {
        return container(container.list(), container.name());
    }

    public static String container(ContainerList list, String name) {
        return list.field() + "." + name;
    }

    public static String variable(String name) {
        return "env." + name;
    }

    public static String mount(String directory) {
        return "volumeMounts." + directory;
    }

    public static String volume(String name) {
        return "volumes." + name;
    }

    public static String label(String name) {
        return "labels." + name;
    }

    public static String annotation(String name) {
        return "annotations." + name;
    }

    /** An owner in words, for example {@code container web}. */
    public static String ownerInWords(String owner) {
        int dot = owner.indexOf('.');
        return dot < 0 ? "the Pod" : "container " + owner.substring(dot + 1);
    }

    /** A part in words, for example {@code variable MODE}. The fields of an added container keep their names. */
    public static String partInWords(String part) {
        int dot = part.indexOf('.');
        return dot < 0 ? part : WORDS.getOrDefault(part.substring(0, dot), "") + part.substring(dot + 1);
    }
}
