package dev.pillion.injection.select;

import dev.pillion.catalog.InstanceName;
import dev.pillion.expression.Excerpt;
import dev.pillion.injection.reason.DeniedException;
import dev.pillion.injection.reason.ProfileRequest;
import dev.pillion.injection.reason.ReasonCode;
import dev.pillion.pod.AnnotationSize;
import dev.pillion.pod.Container;
import dev.pillion.pod.Pod;
import dev.pillion.pod.ReviewLimits;
import java.util.Collection;

/** Denies Pods that Kubernetes would reject after the webhooks, and Pods whose size makes a decision expensive. */
public final class PodLimits {

    private PodLimits() {}

    public static void check(Pod pod, Collection<ProfileRequest> requests) throws DeniedException {
        checkAnnotations(pod, requests);
        checkInstances(requests);
        checkNames(pod, requests);
    }

    private static void checkAnnotations(Pod pod, Collection<ProfileRequest> requests) throws DeniedException {
        long bytes = AnnotationSize.of(pod.annotations());
        if (bytes > ReviewLimits.ANNOTATION_BYTES) {
            throw DeniedException.of(
                    requests,
                    ReasonCode.ANNOTATIONS_TOO_LARGE,
                    "the Pod's annotations have " + bytes + " bytes; Kubernetes allows "
                            + ReviewLimits.ANNOTATION_BYTES);
        }
    }

    private static void checkInstances(Collection<ProfileRequest> requests) throws DeniedException {
        long instances = requests.stream()
                .filter(request -> InstanceName.of(request.profile()).isPresent())
                .count();
        if (instances > ReviewLimits.INSTANCES) {
            throw DeniedException.of(
                    requests,
                    ReasonCode.TOO_LARGE,
                    "the Pod would get " + instances + " instances of profiles; at most " + ReviewLimits.INSTANCES
                            + " are allowed");
        }
    }

    private static void checkNames(Pod pod, Collection<ProfileRequest> requests) throws DeniedException {
        for (Container container : (Iterable<Container>) pod.allContainers()::iterator) {
            if (container.name().length() > ReviewLimits.NAME_LENGTH) {
                throw DeniedException.of(
                        requests,
                        ReasonCode.TOO_LARGE,
                        "the name of container '" + Excerpt.of(container.name()) + "' has "
                                + container.name().length() + " characters; Kubernetes allows "
                                + ReviewLimits.NAME_LENGTH);
            }
        }
    }
}
