package dev.pillion.injection.reason;

import dev.pillion.catalog.parameter.ParameterNames;
import java.util.List;

/** The annotations that request profiles and that Pillion writes, and those of Kubernetes that Pillion reads or updates. */
public final class Annotations {

    private static final String DOMAIN = "pillion.dev";

    /** Requests profiles by name; {@code "false"} opts out. */
    public static final String INJECT = DOMAIN + "/inject";

    /** A shorthand for requesting {@code wait-for} with these targets. */
    public static final String WAIT_FOR = DOMAIN + "/wait-for";

    /** Selects the Pod's containers that get mounts and variables. */
    public static final String CONTAINERS = DOMAIN + "/containers";

    /** Written by Pillion: what was injected. */
    public static final String STATUS = DOMAIN + "/status";

    /** Written by Pillion: the content of a file. The name of the container and a number follow. */
    public static final String FILE_PREFIX = DOMAIN + "/file.";

    /** The container that {@code kubectl exec} and {@code kubectl logs} select by default. */
    public static final String DEFAULT_CONTAINER = "kubectl.kubernetes.io/default-container";

    /** Local volumes that do not prevent the cluster autoscaler from evicting the Pod. */
    public static final String SAFE_TO_EVICT = "cluster-autoscaler.kubernetes.io/safe-to-evict-local-volumes";

    /** Set by the kubelet on the Pods that it mirrors from its own files. */
    public static final String MIRROR = "kubernetes.io/config.mirror";

    /** The annotations of Pillion's own domain that app teams write. */
    public static final List<String> WRITTEN_BY_PEOPLE = List.of(INJECT, WAIT_FOR, CONTAINERS);

    private static final String PARAMETER_DOMAIN = "." + DOMAIN + "/";

    private Annotations() {}

    /** The annotation that selects the app's containers for one profile, instead of {@link #CONTAINERS}. */
    public static String containersOf(String profile) {
        return parameter(profile, ParameterNames.CONTAINERS);
    }

    /** The annotation that pins the generation of a profile. */
    public static String generationOf(String profile) {
        return parameter(profile, ParameterNames.GENERATION);
    }

    /** Whether an annotation pins the generation of a profile. */
    public static boolean isGeneration(String annotation) {
        return annotation.endsWith(PARAMETER_DOMAIN + ParameterNames.GENERATION)
                && annotation.indexOf(PARAMETER_DOMAIN) > 0;
    }

    public static boolean isOwn(String annotation) {
        return annotation.startsWith(DOMAIN + "/");
    }

    public static boolean isWrittenByPillion(String annotation) {
        return annotation.equals(STATUS) || annotation.startsWith(FILE_PREFIX);
    }

    /** Whether an annotation is part of a Pod's request. */
    public static boolean isRequest(String annotation) {
        return WRITTEN_BY_PEOPLE.contains(annotation) || isParameter(annotation);
    }

    public static boolean isParameter(String annotation) {
        return annotation.indexOf(PARAMETER_DOMAIN) > 0;
    }

    /**
     * The annotation that sets a profile's parameter.
     *
     * @param profile the name of a profile or an instance
     */
    public static String parameter(String profile, String parameter) {
        return profile + PARAMETER_DOMAIN + parameter;
    }

    public static String profileOf(String annotation) {
        return annotation.substring(0, annotation.indexOf(PARAMETER_DOMAIN));
    }

    public static String parameterOf(String annotation) {
        return annotation.substring(annotation.indexOf('/') + 1);
    }
}
