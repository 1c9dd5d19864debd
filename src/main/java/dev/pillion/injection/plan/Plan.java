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
 * What a Pod is to get, and why.
 *
 * @param profiles those it gets, in the order in which they were asked for
 * @param skipped those it was to get and does not
 * @param targets the names of the app's containers that get mounts and environment
 * @param startup all containers of the Pod as it will be, in the order in which they start
 * @param warnings for the user, one sentence each
 * @param unmet what policies enforce and the catalog cannot provide
 * @param audited what policies that only watch would have done
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

    /** Nothing at all. */
    public static Plan empty() {
        return of(List.of());
    }

    public static Plan of(List<Reason> warnings) {
        return new Plan(List.of(), List.of(), List.of(), List.of(), warnings, List.of(), List.of());
    }

    public Plan with(List<Audited> seen) {
        return new Plan(profiles, skipped, targets, startup, warnings, seen, unmet);
    }

    /** With a warning for each. */
    public Plan withUnmet(List<Unmet> missing) {
        List<Reason> all = new ArrayList<>();
        missing.forEach(each -> all.add(each.reason()));
        all.addAll(warnings);
        List<Unmet> both = new ArrayList<>(unmet);
        both.addAll(missing);
        return new Plan(profiles, skipped, targets, startup, all, audited, both);
    }

    /** With a warning before the others. */
    public Plan withWarning(Reason warning) {
        List<Reason> all = new ArrayList<>(List.of(warning));
        all.addAll(warnings);
        return new Plan(profiles, skipped, targets, startup, all, audited, unmet);
    }

    /** What has changed since an earlier injection, when the Pod is injected anew for it. */
    public Optional<Reason> changedRequest() {
        return warnings.stream()
                .filter(warning -> warning.code() == ReasonCode.CHANGED_REQUEST)
                .findFirst();
    }

    /** The plan for a Pod that has everything already. */
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
        return profiles.stream().anyMatch(each -> each.profile().name().equals(profile));
    }

    /**
     * A profile that the Pod gets.
     *
     * @param additions what of it was not there yet, a line for each
     */
    public record PlannedProfile(
            Profile profile,
            RequestSource requestedBy,
            Map<String, ParameterValue> parameters,
            List<Companion> companions,
            List<String> additions) {}

    /** @param reason the guard's name and message */
    public record SkippedProfile(Profile profile, RequestSource requestedBy, Reason reason) {}

    /** A parameter's value and where it comes from. */
    public record ParameterValue(JsonNode value, ParameterSource source) {}

    /**
     * A profile that a policy would have given, did it not only watch.
     *
     * @param outcome what would have come of it
     */
    public record Audited(String policy, String profile, String outcome) {

        public RequestSource requestedBy() {
            return new RequestSource.PolicyGrant(policy);
        }

        /** As audit annotations and Events have it, for example {@code policy edge requests profile 'proxy': would be injected}. */
        @Override
        public String toString() {
            return new ProfileRequest(profile, requestedBy()) + ": " + outcome;
        }
    }

    /**
     * A profile that a policy enforces and the Pod does not get, since the catalog cannot provide it.
     *
     * @param request empty where the policy does not say which profile
     */
    public record Unmet(Optional<ProfileRequest> request, Reason reason) {}

    /** A container that a profile adds, by its name in the Pod. */
    public record Companion(String name, ContainerTemplate template) {}

    /**
     * A container's turn when the Pod starts.
     *
     * @param profile which added it; empty for the Pod's own
     */
    public record Start(String container, Phase phase, String profile) {}

    /** How a container takes its turn. */
    public enum Phase {
        /** Runs to its end before the next one starts. */
        INIT,
        /** Starts, and goes on beside the app. */
        NATIVE_SIDECAR,
        /** Starts together with all others of this phase. */
        APP
    }
}
