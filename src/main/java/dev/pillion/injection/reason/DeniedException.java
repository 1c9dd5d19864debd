package dev.pillion.injection.reason;

import dev.pillion.expression.EvaluationException;
import dev.pillion.expression.Excerpt;
import dev.pillion.pod.ReviewLimits;
import java.util.Collection;
import java.util.List;

/** Ends a decision with a denial, for one mistake or for several. */
public final class DeniedException extends Exception {

    private static final long serialVersionUID = 1;

    private final transient Reason reason;
    private final transient List<ProfileRequest> requests;
    private final transient List<Reason> mistakes;
    private final int others;

    /** A denial of an annotation, independent of the requested profiles. The message names the annotation. */
    public DeniedException(ReasonCode code, String message) {
        this(List.of(), code, message);
    }

    private DeniedException(Collection<ProfileRequest> requests, ReasonCode code, String message) {
        super(message, null, false, false);
        this.reason = new Reason(code, message);
        this.requests = List.copyOf(requests);
        this.mistakes = List.of(reason);
        this.others = 0;
    }

    private DeniedException(Collection<ProfileRequest> requests, List<Reason> mistakes, int others) {
        super(together(mistakes, others), null, false, false);
        this.reason = new Reason(mistakes.getFirst().code(), together(mistakes, others));
        this.requests = List.copyOf(requests);
        this.mistakes = List.copyOf(mistakes);
        this.others = others;
    }

    /**
     * One denial for several mistakes, with the code of the first one.
     *
     * @param others how many further mistakes there are
     */
    public static DeniedException of(Collection<ProfileRequest> requests, List<Reason> mistakes, int others) {
        return new DeniedException(requests, mistakes, others);
    }

    /** The mistakes in one message, numbered, as many as fit. Several mistakes can have different codes, so each is followed by its code. */
    private static String together(List<Reason> mistakes, int others) {
        if (mistakes.size() == 1 && others == 0) {
            return mistakes.getFirst().message();
        }
        int total = mistakes.size() + others;
        StringBuilder message = new StringBuilder(total + " mistakes: ");
        for (int index = 0; index < mistakes.size(); index++) {
            String rest = "; and " + (total - index) + " more";
            String mistake = "(" + (index + 1) + ") " + mistakes.get(index).message();
            String code = " (" + mistakes.get(index).code() + ")";
            int space = ReviewLimits.MESSAGE_LENGTH - message.length() - rest.length() - code.length() - 2;
            if (index == 0) {
                message.append(Excerpt.of(mistake, space)).append(code);
            } else if (mistake.length() > space) {
                return message.append(rest).toString();
            } else {
                message.append("; ").append(mistake).append(code);
            }
        }
        return message.append(others > 0 ? "; and " + others + " more" : "").toString();
    }

    /** A denial of a requested profile; the message starts with the source of the request. */
    public static DeniedException of(ProfileRequest request, ReasonCode code, String problem) {
        return new DeniedException(List.of(request), code, request.but(problem));
    }

    /** A denial of several requested profiles together. */
    public static DeniedException of(Collection<ProfileRequest> requests, ReasonCode code, String problem) {
        return new DeniedException(requests, code, ProfileRequest.all(requests) + ", but " + problem);
    }

    /**
     * A denial of an annotation that sets a parameter of a requested profile. The message ends with the source of the request, unless it
     * is that annotation.
     */
    public static DeniedException ofValue(ProfileRequest request, ReasonCode code, String annotation, String problem) {
        boolean named = request.source().equals(new RequestSource.Annotation(annotation));
        return new DeniedException(
                List.of(request),
                code,
                "annotation " + annotation + ": " + problem + (named ? "" : " (" + request + ")"));
    }

    /** A denial of a requested profile whose expression fails to evaluate. */
    public static DeniedException of(ProfileRequest request, EvaluationException e, String problem) {
        return of(
                request, e.tooLarge() ? ReasonCode.TOO_LARGE : ReasonCode.EXPRESSION_FAILED, problem + e.getMessage());
    }

    /** The reason for all mistakes together. */
    public Reason reason() {
        return reason;
    }

    /** The mistakes one by one. */
    public List<Reason> mistakes() {
        return mistakes;
    }

    /** The number of mistakes that are not listed. */
    public int others() {
        return others;
    }

    /** The requests that are denied; empty if the denial is about the Pod's annotations as a whole. */
    public List<ProfileRequest> requests() {
        return requests;
    }
}
