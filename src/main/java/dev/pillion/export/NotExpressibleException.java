package dev.pillion.export;

import java.util.List;

/** Something of a policy or its profile cannot be said in the words of the API server. */
public final class NotExpressibleException extends Exception {

    private static final long serialVersionUID = 1;

    private final List<String> reasons;

    NotExpressibleException(List<String> reasons) {
        super(String.join("\n", reasons));
        this.reasons = List.copyOf(reasons);
    }

    /** Each names what it is about, and what would be expressible. */
    public List<String> reasons() {
        return reasons;
    }
}
