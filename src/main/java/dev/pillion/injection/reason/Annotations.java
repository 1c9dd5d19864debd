package dev.pillion.injection.reason;

import dev.pillion.catalog.parameter.ParameterNames;
import java.util.List;

/** The annotations by which Pods and Pillion speak to each other, and those of others that Pillion keeps in step. */
public final class Annotations {

    private static final String DOMAIN = "pillion.dev";

    /** Asks for profiles by name; {@code "false"} opts out. */
    public static final String INJECT = DOMAIN + "/inject";

    /** Short for asking for {@code wait-for} with these targets. */
    public static final String WAIT_FOR = DOMAIN + "/wait-for";

    /** Which of the Pod's containers get mounts and environment. */
    public static final String CONTAINERS = DOMAIN + "/containers";

    /** Written by Pillion: what was injected. */
    public static final String STATUS = DOMAIN + "/status";

    /** Written by Pillion, followed by a container's name and a number: the content of one of the container's files. */
    public static final String FILE_PREFIX = DOMAIN + "/file.";

    /** Where {@code kubectl exec} and {@code kubectl logs} go when no container is named. */
    public static final String DEFAULT_CONTAINER = "kubectl.kubernetes.io/default-container";

    /** Volumes on the node that do not keep the cluster autoscaler from moving the Pod. */
    public static final String SAFE_TO_EVICT = "cluster-autoscaler.kubernetes.io/safe-to-evict-local-volumes";

    /** Set by the kubelet on the Pods that it mirrors from its own files. */
    public static final String MIRROR = "kubernetes.io/config.mirror";

    /** What app teams may write under Pillion's own domain. */
    public static final List<String> WRITTEN_BY_PEOPLE = List.of(INJECT, WAIT_FOR, CONTAINERS);

    private static final String PARAMETER_DOMAIN = "." + DOMAIN + "/";

    private Annotations() {}

    /** Selects the app's containers for one profile, in the place of {@link #CONTAINERS}. */
    public static String containersOf(String profile) {
        return parameter(profile, ParameterNames.CONTAINERS);
    }

    public static boolean isOwn(String annotation) {
        return annotation.startsWith(DOMAIN + "/");
    }

    public static boolean isWrittenByPillion(String annotation) {
        return annotation.equals(STATUS) || annotation.startsWith(FILE_PREFIX);
    }

    /** Whether an annotation is a part of a Pod's request. */
    public static boolean isRequest(String annotation) {
        return WRITTEN_BY_PEOPLE.contains(annotation) || isParameter(annotation);
    }

    public static boolean isParameter(String annotation) {
        return annotation.indexOf(PARAMETER_DOMAIN) > 0;
    }

    /**
     * The annotation that sets a profile's parameter.
     *
     * @param profile the name by which it is requested, which may be that of an instance
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
