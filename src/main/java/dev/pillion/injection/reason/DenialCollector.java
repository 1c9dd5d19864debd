package dev.pillion.injection.reason;

import dev.pillion.pod.ReviewLimits;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Collects the denials of one Pod, so that its owner can correct all mistakes at once. The first ones are kept up to a limit, and further
 * ones are only counted: a message about a hostile Pod costs no more than one about a Pod with a few mistakes.
 */
public final class DenialCollector {

    private final List<Reason> mistakes = new ArrayList<>();
    private final Set<ProfileRequest> requests = new LinkedHashSet<>();
    private final Set<String> withUnknownParameters = new HashSet<>();
    private int others;

    public void add(DeniedException denial) {
        for (Reason mistake : denial.mistakes()) {
            if (mistakes.size() < ReviewLimits.MISTAKES) {
                mistakes.add(mistake);
            } else {
                others++;
            }
        }
        others += denial.others();
        requests.addAll(denial.requests());
    }

    /** The denial is created only if its message will be used. */
    public void add(Supplier<DeniedException> denial) {
        if (mistakes.size() < ReviewLimits.MISTAKES) {
            add(denial.get());
        } else {
            others++;
        }
    }

    /** Adds a denial of an annotation that names an unknown parameter. The profile is not checked for missing values then. */
    public void addUnknownParameter(String profile, Supplier<DeniedException> denial) {
        withUnknownParameters.add(profile);
        add(denial);
    }

    /** Whether an annotation names an unknown parameter of a profile. */
    public boolean hasUnknownParameter(String profile) {
        return withUnknownParameters.contains(profile);
    }

    public boolean isEmpty() {
        return mistakes.isEmpty();
    }

    /** Throws one denial for all mistakes, if there are any. */
    public void check() throws DeniedException {
        if (!mistakes.isEmpty()) {
            throw DeniedException.of(requests, mistakes, others);
        }
    }
}
