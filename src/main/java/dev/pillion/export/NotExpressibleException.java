package dev.pillion.export;

import java.util.List;

/** A policy or profile that the API server's admission policies cannot express. */
public final class NotExpressibleException extends Exception {

    private static final long serialVersionUID = 1;

    private final List<String> reasons;

    NotExpressibleException(List<String> reasons) {
        super(String.join("\n", reasons));
        this.reasons = List.copyOf(reasons);
    }

    /** Each reason names the policy and the part, and suggests a change. */
    public List<String> reasons() {
        return reasons;
    }
}
