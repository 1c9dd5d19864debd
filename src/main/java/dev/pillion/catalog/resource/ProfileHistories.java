package dev.pillion.catalog.resource;

import dev.pillion.catalog.Profile;
import dev.pillion.catalog.resource.CatalogResource.Id;
import dev.pillion.catalog.resource.ProfileHistory.Entry;
import dev.pillion.catalog.resource.ResourceCatalog.Good;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Continues the histories of profiles. The status has the generations that the leader has written. Those that it has not written yet are known from
 * the previous catalog, so a generation that was in force is never unknown.
 *
 * @param pinnedByPolicies generations that policies pin
 */
record ProfileHistories(ResourceCatalog previous, HistoryRule rule, Set<PinnedGeneration> pinnedByPolicies) {

    /**
     * @param before the version that was in force before, or that is in force
     * @param inForce empty if no version of the resource is in force
     */
    ProfileHistory of(CatalogResource resource, Optional<Good<Profile>> before, Optional<Profile> inForce) {
        Optional<ResourceCatalog.Entry<Profile>> known = previous.profile(resource.id());
        ProfileHistory earlier = known.map(ResourceCatalog.Entry::history).orElse(ProfileHistory.NONE);
        List<Entry> entries = new ArrayList<>();
        for (StoredGeneration stored : resource.history()) {
            add(
                    entries,
                    earlier.find(stored.generation())
                            .filter(entry -> entry.stored().equals(stored))
                            .orElseGet(() -> Entry.read(resource, stored)));
        }
        List<StoredGeneration> storedBefore =
                known.map(entry -> entry.resource().history()).orElse(List.of());
        earlier.entries().stream()
                .filter(entry -> rule.leading() || !storedBefore.contains(entry.stored()))
                .forEach(entry -> addAbsent(entries, entry));
        before.flatMap(good -> good.compiled()
                        .map(profile -> Entry.of(
                                profile,
                                good.source().document().tree().path("spec").toString())))
                .filter(entry -> inForce.isPresent()
                        && !entry.generation().equals(inForce.get().generation()))
                .ifPresent(entry -> add(entries, entry));
        inForce.ifPresent(
                profile -> entries.removeIf(entry -> entry.generation().equals(profile.generation())));
        int surplus = Math.max(0, entries.size() - ProfileHistory.MAX_ENTRIES);
        ProfileHistory history = new ProfileHistory(
                entries.subList(surplus, entries.size()),
                inForce.map(profile -> profile.generations().historyLimit()).orElse(earlier.limit()));
        return rule.pinned()
                .map(pinned -> history.withinLimit(kept(resource.id(), inForce, history, pinned)))
                .orElse(history);
    }

    /** The pinned generations, and the one for the workloads that the percentage of the present generation does not select. */
    private Set<String> kept(
            Id profile, Optional<Profile> inForce, ProfileHistory history, Set<PinnedGeneration> pinned) {
        Set<String> kept = new HashSet<>(pinnedOf(profile, pinned));
        if (inForce.filter(present -> !present.generations().forAll()).isPresent()) {
            history.lastForAll().map(Entry::generation).ifPresent(kept::add);
        }
        return kept;
    }

    private Set<String> pinnedOf(Id profile, Set<PinnedGeneration> pinned) {
        return Stream.concat(pinned.stream(), pinnedByPolicies.stream())
                .filter(each -> each.profile().equals(profile.name()))
                .map(PinnedGeneration::generation)
                .collect(Collectors.toSet());
    }

    /** The entry replaces an earlier one of the same generation. */
    private static void add(List<Entry> entries, Entry entry) {
        entries.removeIf(each -> each.generation().equals(entry.generation()));
        entries.add(entry);
    }

    private static void addAbsent(List<Entry> entries, Entry entry) {
        if (entries.stream().noneMatch(each -> each.generation().equals(entry.generation()))) {
            entries.add(entry);
        }
    }
}
