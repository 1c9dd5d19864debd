package dev.pillion.injection.select;

import dev.pillion.catalog.Catalog;
import dev.pillion.expression.Excerpt;
import dev.pillion.expression.Nearest;
import dev.pillion.injection.reason.Annotations;
import dev.pillion.injection.reason.DenialCollector;
import dev.pillion.injection.reason.DeniedException;
import dev.pillion.injection.reason.ReasonCode;
import dev.pillion.pod.Pod;

/** Finds annotations that look like Pillion's and are not. */
final class UnknownAnnotations {

    private UnknownAnnotations() {}

    /** @param mistakes get a denial for each unknown annotation in the domain {@code pillion.dev} */
    static void find(Pod pod, Catalog catalog, DenialCollector mistakes) {
        for (String annotation : pod.annotations().keySet()) {
            if (Annotations.isOwn(annotation)
                    && !Annotations.isWrittenByPillion(annotation)
                    && !Annotations.WRITTEN_BY_PEOPLE.contains(annotation)) {
                mistakes.add(() -> new DeniedException(
                        ReasonCode.UNKNOWN_ANNOTATION,
                        "annotation " + Excerpt.of(annotation) + " is unknown" + correction(annotation, catalog)));
            }
        }
    }

    /** A suggestion for a key that contains a profile, such as {@code pillion.dev/logging} or {@code pillion.dev/logging.path}. */
    private static String correction(String annotation, Catalog catalog) {
        String name = annotation.substring(annotation.indexOf('/') + 1);
        int dot = name.lastIndexOf('.');
        if (IntendedRequest.isInjectWithProfile(name, catalog)) {
            return "; to request the profile, write " + Annotations.INJECT + ": " + name.split("[.-]", 2)[1];
        }
        if (catalog.profile(name).isPresent()) {
            return "; to request the profile, write " + Annotations.INJECT + ": " + name;
        }
        if (dot > 0 && catalog.profile(name.substring(0, dot)).isPresent()) {
            return "; to set a parameter, write "
                    + Annotations.parameter(name.substring(0, dot), Excerpt.of(name.substring(dot + 1)));
        }
        return Nearest.hint(annotation, Annotations.WRITTEN_BY_PEOPLE);
    }
}
