package dev.pillion.injection.plan;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.catalog.ContainerTemplate;
import dev.pillion.catalog.Profile;
import dev.pillion.injection.reason.ProfileRequest;
import dev.pillion.injection.reason.Reason;
import dev.pillion.injection.reason.ReasonCode;
import dev.pillion.injection.reason.RequestSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The profiles for a Pod, and why.
 *
 * @param profiles the profiles that the Pod gets, in the order of the requests
 * @param skipped requested profiles that the Pod does not get
 * @param targets the names of the app's containers that get mounts and variables
 * @param startup all containers of the injected Pod, in the order in which they start
 * @param warnings for the user, one sentence each
 * @param audited what policies in Audit mode would have done
 * @param unmet profiles that policies enforce and the catalog cannot provide
 */
public record Plan(
        List<PlannedProfile> profiles,
        List<SkippedProfile> skipped,
        List<String> targets,
        List<Start> startup,
        List<Reason> warnings,
        List<Audited> audited,
        List<Unmet> unmet) {

    public Plan {
        profiles = List.copyOf(profiles);
        skipped = List.copyOf(skipped);
        targets = List.copyOf(targets);
        startup = List.copyOf(startup);
        warnings = List.copyOf(warnings);
        audited = List.copyOf(audited);
        unmet = List.copyOf(unmet);
    }

    /** A plan without profiles. */
    public static Plan empty() {
        return of(List.of());
    }

    public static Plan of(List<Reason> warnings) {
        return new Plan(List.of(), List.of(), List.of(), List.of(), warnings, List.of(), List.of());
    }

    public Plan with(List<Audited> seen) {
        return new Plan(profiles, skipped, targets, startup, warnings, seen, unmet);
    }

    /** The same plan with more unmet profiles, and a warning for each. */
    public Plan withUnmet(List<Unmet> missing) {
        List<Reason> all = new ArrayList<>();
        missing.forEach(each -> all.add(each.reason()));
        all.addAll(warnings);
        List<Unmet> both = new ArrayList<>(unmet);
        both.addAll(missing);
        return new Plan(profiles, skipped, targets, startup, all, audited, both);
    }

    /** The same plan with a warning before the others. */
    public Plan withWarning(Reason warning) {
        List<Reason> all = new ArrayList<>(List.of(warning));
        all.addAll(warnings);
        return new Plan(profiles, skipped, targets, startup, all, audited, unmet);
    }

    /** The warning about a request that has changed, if the Pod is injected again for that. */
    public Optional<Reason> changedRequest() {
        return warnings.stream()
                .filter(warning -> warning.code() == ReasonCode.CHANGED_REQUEST)
                .findFirst();
    }

    /** The same plan for a Pod that already has all additions. */
    public Plan withoutAdditions() {
        List<PlannedProfile> present = profiles.stream()
                .map(planned -> new PlannedProfile(
                        planned.profile(),
                        planned.requestedBy(),
                        planned.parameters(),
                        planned.companions(),
                        List.of()))
                .toList();
        return new Plan(present, skipped, targets, startup, warnings, audited, unmet);
    }

    /** Whether the Pod gets a profile. */
    public boolean has(String profile) {
        return planned(profile).isPresent();
    }

    /** The profile with a name, if the Pod gets it. */
    public Optional<PlannedProfile> planned(String profile) {
        return profiles.stream()
                .filter(each -> each.profile().name().equals(profile))
                .findFirst();
    }

    /**
     * A profile that the Pod gets.
     *
     * @param additions a line for each addition that the Pod did not have
     */
    public record PlannedProfile(
            Profile profile,
            RequestSource requestedBy,
            Map<String, ParameterValue> parameters,
            List<Companion> companions,
            List<String> additions) {

        public ProfileRequest request() {
            return new ProfileRequest(profile.name(), requestedBy);
        }
    }

    /** A requested profile that the Pod does not get. */
    public record SkippedProfile(Profile profile, RequestSource requestedBy, Reason reason) {}

    /** The value of a parameter, and its source. */
    public record ParameterValue(JsonNode value, ParameterSource source) {}

    /**
     * A profile that a policy in Audit mode would have injected.
     *
     * @param denied whether the Pod would have been denied
     * @param outcome what would have happened
     */
    public record Audited(String policy, String profile, boolean denied, String outcome) {

        public RequestSource requestedBy() {
            return new RequestSource.PolicyGrant(policy);
        }

        public ProfileRequest request() {
            return new ProfileRequest(profile, requestedBy());
        }

        /** The form in audit annotations and Events, for example {@code policy edge requests profile 'proxy': would be injected}. */
        @Override
        public String toString() {
            return request() + ": " + outcome;
        }
    }

    /**
     * A profile that a policy enforces and the catalog cannot provide.
     *
     * @param request empty if the policy names no valid profile
     */
    public record Unmet(Optional<ProfileRequest> request, Reason reason) {}

    /** A container that a profile adds, by its name in the Pod. */
    public record Companion(String name, ContainerTemplate template) {}

    /**
     * A container in the order in which the Pod starts.
     *
     * @param profile that adds the container; empty for the Pod's own containers
     */
    public record Start(String container, Phase phase, String profile) {}

    /** How a container starts. */
    public enum Phase {
        /** Runs to completion before the next container starts. */
        INIT,
        /** Starts in order, and runs beside the app. */
        NATIVE_SIDECAR,
        /** Starts together with all other containers of this phase. */
        APP
    }
}
