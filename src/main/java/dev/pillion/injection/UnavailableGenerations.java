package dev.pillion.injection;

import dev.pillion.injection.plan.Plan.Unmet;
import dev.pillion.injection.reason.DenialCollector;
import dev.pillion.injection.reason.DeniedException;
import dev.pillion.injection.reason.ProfileRequest;
import dev.pillion.injection.select.EffectivePolicies;
import dev.pillion.injection.select.GenerationPins;
import dev.pillion.injection.select.Requests;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Requested profiles that an enforcing policy pins to a generation that is not available. Only a strict namespace denies the Pod for that, since
 * the Pod's owner cannot correct it. Elsewhere the Pod starts without the profile.
 */
record UnavailableGenerations(List<Unmet> unmet) {

    /** @param mistakes get a denial for each other profile that cannot have its pinned generation */
    static UnavailableGenerations of(
            Requests requests, GenerationPins pins, EffectivePolicies policies, DenialCollector mistakes) {
        List<Unmet> unmet = new ArrayList<>();
        for (ProfileRequest request : requests.requested()) {
            Optional<DeniedException> problem = pins.problem(request);
            if (problem.isPresent()) {
                boolean ofPlatform = pins.isProblemOfPolicy(request.profile())
                        && policies.enforcing(request.profile()).isPresent();
                if (ofPlatform && !policies.strict()) {
                    unmet.add(new Unmet(Optional.of(request), problem.get().reason()));
                } else {
                    mistakes.add(problem.get());
                }
            }
        }
        return new UnavailableGenerations(unmet);
    }

    /** The requests that can be met. */
    Requests without(Requests requests) {
        if (unmet.isEmpty()) {
            return requests;
        }
        Set<String> names = new HashSet<>(requests.profiles().keySet());
        unmet.forEach(each -> names.remove(each.request().orElseThrow().profile()));
        return requests.only(names);
    }
}
