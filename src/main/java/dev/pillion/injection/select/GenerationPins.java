package dev.pillion.injection.select;

import dev.pillion.catalog.Catalog;
import dev.pillion.catalog.InstanceName;
import dev.pillion.catalog.Profile;
import dev.pillion.catalog.ProfileVersion;
import dev.pillion.expression.Excerpt;
import dev.pillion.injection.reason.Annotations;
import dev.pillion.injection.reason.DeniedException;
import dev.pillion.injection.reason.ProfileRequest;
import dev.pillion.injection.reason.ReasonCode;
import dev.pillion.injection.reason.RequestSource;
import dev.pillion.injection.select.EffectivePolicies.PolicyPin;
import dev.pillion.pod.Namespace;
import dev.pillion.pod.Pod;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The generations of profiles for one Pod: those that annotations and policies pin, and those that a percentage selects. A policy that locks takes
 * precedence over the Pod's annotation, that over the namespace's, that over other policies, and those over a percentage. Not thread-safe.
 *
 * <p>Over 200 lines because each kind of pin has its own messages.
 */
public final class GenerationPins {

    private final Pod pod;
    private final Namespace namespace;
    private final Catalog catalog;
    private final EffectivePolicies policies;
    private final Map<String, Choice> choices = new HashMap<>();

    /** Whether any profile can have a generation that is not in force for all. For most Pods none can, so nothing is looked up. */
    private final boolean canChoose;

    /** The generation of one profile or instance. */
    private sealed interface Choice {

        /** Nothing pins one, and it is for all workloads. */
        record InForce() implements Choice {}

        /** By a percentage. */
        record Shared(Profile profile, String reason) implements Choice {}

        record Pinned(Pin pin, Profile profile) implements Choice {}

        /**
         * @param annotation that pins it; empty for a policy
         * @param problem made only for a profile that is requested: a Pod can have many annotations
         */
        record Impossible(Pin pin, ReasonCode code, Optional<String> annotation, Supplier<String> problem)
                implements Choice {}
    }

    /** A pinned generation, and who pins it. */
    private record Pin(String generation, RequestSource source) {}

    /**
     * The generation that a Pod gets, and why.
     *
     * @param reason a clause, for a message after the generation
     */
    public record ChosenGeneration(String generation, String reason) {}

    private GenerationPins(Pod pod, Namespace namespace, Catalog catalog, EffectivePolicies policies) {
        this.pod = pod;
        this.namespace = namespace;
        this.catalog = catalog;
        this.policies = policies;
        this.canChoose = catalog.choosesGenerations() || hasPin(pod.annotations()) || hasPin(namespace.annotations());
    }

    public static GenerationPins of(Pod pod, Namespace namespace, Catalog catalog, EffectivePolicies policies) {
        return new GenerationPins(pod, namespace, catalog, policies);
    }

    /** The catalog with the pinned generations. If the Pod gets those in force, it is the catalog itself. */
    public Catalog catalog() {
        return canChoose ? catalog.choosing(this::profile) : catalog;
    }

    private static boolean hasPin(Map<String, String> annotations) {
        for (String annotation : annotations.keySet()) {
            if (Annotations.isGeneration(annotation)) {
                return true;
            }
        }
        return false;
    }

    private Optional<Profile> profile(String name) {
        return switch (choice(name)) {
            case Choice.Pinned(var _, Profile profile) -> Optional.of(profile);
            case Choice.Shared(Profile profile, var _) -> Optional.of(profile);
            case Choice.InForce(), Choice.Impossible(var _, var _, var _, var _) -> catalog.profile(name);
        };
    }

    /** The generation that is pinned or chosen for a profile or an instance. Empty if it is the one in force for all. */
    public Optional<ChosenGeneration> chosen(String name) {
        return switch (choice(name)) {
            case Choice.InForce() -> Optional.empty();
            case Choice.Shared(Profile profile, String reason) ->
                Optional.of(new ChosenGeneration(profile.generation(), reason));
            case Choice.Pinned(Pin pin, var _) -> Optional.of(chosen(pin));
            case Choice.Impossible(Pin pin, var _, var _, var _) -> Optional.of(chosen(pin));
        };
    }

    private static ChosenGeneration chosen(Pin pin) {
        return new ChosenGeneration(pin.generation(), "pinned by " + pin.source());
    }

    /** Why a requested profile cannot have the pinned generation; empty if it can, or if none is pinned. */
    public Optional<DeniedException> problem(ProfileRequest request) {
        return choice(request.profile())
                        instanceof
                        Choice.Impossible(var _, ReasonCode code, Optional<String> annotation, Supplier<String> problem)
                ? Optional.of(
                        annotation.isPresent()
                                ? DeniedException.ofValue(request, code, annotation.get(), problem.get())
                                : DeniedException.of(request, code, problem.get()))
                : Optional.empty();
    }

    /** Whether the problem is a pin of a policy, so that the Pod's owner cannot correct it. */
    public boolean isProblemOfPolicy(String name) {
        return choice(name) instanceof Choice.Impossible(Pin pin, var _, var _, var _)
                && pin.source() instanceof RequestSource.PolicyGrant;
    }

    private Choice choice(String name) {
        return canChoose ? choices.computeIfAbsent(name, this::choose) : new Choice.InForce();
    }

    private Choice choose(String name) {
        Optional<Profile> present = catalog.profile(name);
        if (present.isEmpty()) {
            return new Choice.InForce();
        }
        String annotation = Annotations.generationOf(name);
        @Nullable String own = pod.annotations().get(annotation);
        Optional<PolicyPin> policy = policies.pinning(name);
        if (policy.filter(PolicyPin::locked).isPresent()) {
            return own != null && !own.strip().equals(policy.get().generation())
                    ? new Choice.Impossible(
                            new Pin(own, new RequestSource.Annotation(annotation)),
                            ReasonCode.LOCKED_PARAMETER,
                            Optional.of(annotation),
                            () -> "policy " + policy.get().policy().name() + " pins generation "
                                    + policy.get().generation()
                                    + " of the profile, and it cannot be changed; remove the annotation")
                    : ofPolicy(name, policy.get());
        }
        if (own != null) {
            return ofAnnotation(present.get(), own, annotation, new RequestSource.Annotation(annotation));
        }
        @Nullable String ofNamespace = namespace.annotations().get(annotation);
        if (ofNamespace != null) {
            return ofAnnotation(
                    present.get(),
                    ofNamespace,
                    annotation + " of namespace " + namespace.name(),
                    new RequestSource.NamespaceAnnotation(namespace.name(), annotation));
        }
        return policy.map(pin -> ofPolicy(name, pin)).orElseGet(() -> share(name, present.get()));
    }

    private Choice share(String name, Profile present) {
        Optional<Profile> stable = catalog.stable(name);
        if (stable.isEmpty()) {
            return new Choice.InForce();
        }
        int percentage = present.generations().percentage();
        // Policies have no slash in their names, so a policy of the same name selects other workloads.
        boolean selected =
                WorkloadShare.isSelected("profile/" + InstanceName.profileOf(name), percentage, namespace, pod.owner());
        String reason = "generation " + present.generation() + " is for " + percentage + "% of workloads, and "
                + WorkloadShare.name(pod.owner()) + (selected ? " is among them" : " is not among them");
        return new Choice.Shared(selected ? present : stable.get(), reason);
    }

    private Choice ofPolicy(String name, PolicyPin policy) {
        Pin pin = new Pin(
                policy.generation(),
                new RequestSource.PolicyGrant(policy.policy().name()));
        return choice(
                name,
                pin,
                Optional.empty(),
                "policy " + policy.policy().name() + " pins generation '" + pin.generation() + "' of it, ");
    }

    private Choice ofAnnotation(Profile present, String value, String annotation, RequestSource source) {
        Pin pin = new Pin(value.strip(), source);
        if (!present.generations().pinnable()) {
            return new Choice.Impossible(
                    pin,
                    ReasonCode.LOCKED_PARAMETER,
                    Optional.of(annotation),
                    () -> "profile '" + present.name()
                            + "' does not let annotations pin a generation; remove the annotation, or have the platform team set pinnable: true in the profile");
        }
        return choice(
                present.name(),
                pin,
                Optional.of(annotation),
                "it pins generation '" + Excerpt.of(pin.generation()) + "' of profile '" + present.name() + "', ");
    }

    /** @param start of a sentence about a problem */
    private Choice choice(String name, Pin pin, Optional<String> annotation, String start) {
        Optional<ProfileVersion> version = catalog.version(name, pin.generation());
        if (version.isPresent() && version.get() instanceof ProfileVersion.Usable(Profile profile)) {
            return new Choice.Pinned(pin, profile);
        }
        return new Choice.Impossible(
                pin,
                ReasonCode.GENERATION_UNAVAILABLE,
                annotation,
                () -> start
                        + (version.isPresent() && version.get() instanceof ProfileVersion.Unusable(var _, String reason)
                                ? "which cannot be used: " + reason
                                : "which is not known; " + known(name)));
    }

    private String known(String name) {
        String present = catalog.profile(name).map(Profile::generation).orElse("") + " (in force)";
        List<ProfileVersion> earlier = catalog.earlier(name);
        if (earlier.isEmpty()) {
            return "the only known generation is " + present
                    + "; Pillion keeps earlier generations only of profiles that are resources of a cluster";
        }
        List<String> usable = new ArrayList<>();
        for (ProfileVersion version : earlier.reversed()) {
            if (version instanceof ProfileVersion.Usable) {
                usable.add(version.generation());
            }
        }
        return "known generations: "
                + String.join(
                        ", ", Stream.concat(Stream.of(present), usable.stream()).toList());
    }
}
