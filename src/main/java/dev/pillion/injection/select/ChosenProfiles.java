package dev.pillion.injection.select;

import dev.pillion.catalog.Catalog;
import dev.pillion.catalog.Profile;
import dev.pillion.injection.plan.RenderedProfile.Chosen;
import dev.pillion.injection.reason.DenialCollector;
import dev.pillion.injection.reason.DeniedException;
import dev.pillion.injection.reason.ProfileRequest;
import dev.pillion.injection.reason.ReasonCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The requested profiles that exist and that the Pod may have. */
public final class ChosenProfiles {

    private ChosenProfiles() {}

    /** @param mistakes get a denial for each profile that is unknown or that no policy permits */
    public static List<Chosen> of(
            Requests requests, EffectivePolicies policies, Catalog catalog, DenialCollector mistakes) {
        List<Chosen> chosen = new ArrayList<>();
        for (ProfileRequest request : requests.requested()) {
            Optional<Profile> profile = catalog.profile(request.profile());
            if (profile.isEmpty()) {
                mistakes.add(() -> DeniedException.of(request, ReasonCode.UNKNOWN_PROFILE, "there is no such profile"));
            } else if (profile.get().access() == Profile.Access.RESTRICTED
                    && policies.permitting(request.profile()).isEmpty()) {
                mistakes.add(() -> DeniedException.of(
                        request,
                        ReasonCode.RESTRICTED_PROFILE,
                        "it is restricted, and no policy permits it for this Pod; ask the platform team"));
            } else {
                chosen.add(new Chosen(
                        profile.get(),
                        request.source(),
                        policies.priority(request.profile()),
                        policies.enforcing(request.profile()).isPresent()));
            }
        }
        return chosen;
    }
}
