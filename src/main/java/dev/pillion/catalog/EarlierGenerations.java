package dev.pillion.catalog;

import dev.pillion.expression.FieldPath;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The earlier generations of the profiles of a catalog. */
final class EarlierGenerations {

    private final Map<String, List<ProfileVersion>> versions;

    /** For profiles whose present generation is only for a percentage of workloads: what the others get. */
    private final Map<String, Profile> stable = new HashMap<>();

    /**
     * @param versions by the name of the profile, the oldest first
     * @param inForce the present versions
     */
    EarlierGenerations(Map<String, List<ProfileVersion>> versions, LazyProfiles inForce) {
        this.versions = Map.copyOf(versions);
        versions.keySet().forEach(name -> {
            Profile present = inForce.get(name);
            if (present != null && !present.generations().forAll()) {
                lastForAll(name).ifPresent(version -> stable.put(name, version));
            }
        });
    }

    private Optional<Profile> lastForAll(String name) {
        return usable(of(name).reversed())
                .filter(version -> version.generations().forAll())
                .findFirst();
    }

    Map<String, List<ProfileVersion>> all() {
        return versions;
    }

    List<ProfileVersion> of(String profile) {
        return versions.getOrDefault(profile, List.of());
    }

    /** The generation of a profile or an instance, if it is an earlier one. */
    Optional<ProfileVersion> find(Profile present, String generation) {
        return of(InstanceName.profileOf(present.name())).stream()
                .filter(version -> version.generation().equals(generation))
                .findFirst()
                .map(version -> version instanceof ProfileVersion.Usable(Profile usable)
                        ? new ProfileVersion.Usable(usable.insteadOf(present))
                        : version);
    }

    /** Whether a profile has a generation for the workloads that its percentage does not select. */
    boolean hasStable() {
        return !stable.isEmpty();
    }

    /** The version for the workloads that the percentage of the present one does not select. */
    Optional<Profile> stable(Profile present) {
        return Optional.ofNullable(stable.get(InstanceName.profileOf(present.name())))
                .map(version -> version.insteadOf(present));
    }

    /** The fields of a Pod that decide which generation it gets, and those that its earlier generations read. */
    Stream<FieldPath> fieldsRead(String profile) {
        Stream<FieldPath> ofVersions = usable(of(profile)).flatMap(Profile::fieldsRead);
        return stable.containsKey(profile) ? Stream.concat(ofVersions, Policy.WORKLOAD_FIELDS.stream()) : ofVersions;
    }

    private static Stream<Profile> usable(List<ProfileVersion> some) {
        return some.stream()
                .flatMap(version -> version instanceof ProfileVersion.Usable(Profile profile)
                        ? Stream.of(profile)
                        : Stream.empty());
    }
}
