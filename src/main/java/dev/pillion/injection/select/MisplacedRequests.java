package dev.pillion.injection.select;

import dev.pillion.catalog.Catalog;
import dev.pillion.expression.Excerpt;
import dev.pillion.injection.reason.Annotations;
import dev.pillion.injection.reason.Reason;
import dev.pillion.injection.reason.ReasonCode;
import dev.pillion.pod.Namespace;
import dev.pillion.pod.Pod;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Warns about labels and annotations of a Pod and its namespace that look like requests and have no effect. */
public final class MisplacedRequests {

    /** Kubernetes allows more, but people do not write more by hand. */
    private static final int MOST_COMPARED = 200;

    private final Catalog catalog;
    private final List<Reason> warnings = new ArrayList<>();

    private MisplacedRequests(Catalog catalog) {
        this.catalog = catalog;
    }

    static List<Reason> of(Pod pod, Namespace namespace, Catalog catalog) {
        MisplacedRequests misplaced = new MisplacedRequests(catalog);
        misplaced.annotationsOfPod(pod.annotations());
        misplaced.labels(pod.labels(), "", "an annotation of the Pod");
        misplaced.ofNamespace(namespace);
        return misplaced.warnings;
    }

    /** The warnings about a namespace alone. */
    public static List<Reason> of(Namespace namespace, Catalog catalog) {
        MisplacedRequests misplaced = new MisplacedRequests(catalog);
        misplaced.ofNamespace(namespace);
        return misplaced.warnings;
    }

    /** A namespace can only have the annotation {@code pillion.dev/inject}, and those that pin generations. */
    private void ofNamespace(Namespace namespace) {
        String of = " of namespace " + Excerpt.of(namespace.name());
        String inject = namespace.annotations().get(Annotations.INJECT);
        if (inject != null && inject.isBlank()) {
            warnings.add(new Reason(
                    ReasonCode.REQUEST_EMPTY,
                    "annotation " + Annotations.INJECT + of
                            + " is empty and requests nothing; write names of profiles, or" + " remove it"));
        }
        labels(namespace.labels(), of, "an annotation of the namespace");
        compare(namespace.annotations(), (key, request) -> {
            if (request.misspelt()) {
                warn("annotation " + key + of + " has no effect; did you mean " + request.annotation() + "?");
            } else if (!key.equals(Annotations.INJECT) && !Annotations.isGeneration(key)) {
                warn(
                        "annotation " + key + of + " has no effect; only " + Annotations.INJECT
                                + " and the pin of a generation apply to a namespace's Pods, so write it on the Pod or its template");
            }
        });
    }

    private void annotationsOfPod(Map<String, String> annotations) {
        compare(annotations, (key, request) -> {
            // An unknown annotation in Pillion's own domain is a denial.
            if (request.misspelt() && !Annotations.isOwn(key) && !Annotations.isParameter(key)) {
                warn("annotation " + key + " has no effect; did you mean " + request.annotation() + "?");
            }
        });
    }

    private void labels(Map<String, String> labels, String of, String correction) {
        if (of.isEmpty() && labels.containsKey(Namespace.ENFORCEMENT)) {
            warn("label " + Namespace.ENFORCEMENT + " has no effect on a Pod; it is a label of the Namespace");
        }
        compare(labels, (key, request) -> {
            if (!IntendedRequest.isSelected(key, catalog)) {
                warn("label " + key + of + " has no effect; write it as " + correction + ": " + request.annotation());
            }
        });
    }

    private interface Finding {
        void found(String key, IntendedRequest request);
    }

    private void compare(Map<String, String> entries, Finding finding) {
        int compared = 0;
        for (Map.Entry<String, String> entry : entries.entrySet()) {
            if (compared++ == MOST_COMPARED) {
                return;
            }
            IntendedRequest.of(entry.getKey(), entry.getValue(), catalog)
                    .ifPresent(request -> finding.found(Excerpt.of(entry.getKey()), request));
        }
    }

    private void warn(String message) {
        warnings.add(new Reason(ReasonCode.REQUEST_MISPLACED, message));
    }
}
