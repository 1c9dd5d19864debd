package dev.pillion.injection;

import dev.pillion.expression.EvaluationException;
import java.util.Collection;
import java.util.List;

/** Ends a decision with a denial. */
final class Denial extends Exception {

    private static final long serialVersionUID = 1;

    private final transient Reason reason;
    private final transient List<ProfileRequest> requests;

    /** A denial of what an annotation says, whatever requests profiles; the message names the annotation. */
    Denial(Code code, String message) {
        this(List.of(), code, message);
    }

    private Denial(Collection<ProfileRequest> requests, Code code, String message) {
        super(message, null, false, false);
        this.reason = new Reason(code, message);
        this.requests = List.copyOf(requests);
    }

    /** A denial of a requested profile; the message starts with the source of the request. */
    static Denial of(ProfileRequest request, Code code, String problem) {
        return new Denial(List.of(request), code, request.but(problem));
    }

    /** A denial of several requested profiles together. */
    static Denial of(Collection<ProfileRequest> requests, Code code, String problem) {
        return new Denial(requests, code, ProfileRequest.all(requests) + ", but " + problem);
    }

    /**
     * A denial of an annotation that sets a parameter of a requested profile. The message ends with the source of the request, unless it
     * is that annotation.
     */
    static Denial ofValue(ProfileRequest request, Code code, String annotation, String problem) {
        boolean named = request.source().equals(new RequestSource.Annotation(annotation));
        return new Denial(
                List.of(request),
                code,
                "annotation " + annotation + ": " + problem + (named ? "" : " (" + request + ")"));
    }

    /** A denial of a requested profile with an expression that has no value for the Pod. */
    static Denial of(ProfileRequest request, EvaluationException e, String problem) {
        return of(request, e.tooLarge() ? Code.TOO_LARGE : Code.EXPRESSION_FAILED, problem + e.getMessage());
    }

    Reason reason() {
        return reason;
    }

    /** The requests that are denied; empty when the denial is about the Pod's annotations as a whole. */
    List<ProfileRequest> requests() {
        return requests;
    }
}
