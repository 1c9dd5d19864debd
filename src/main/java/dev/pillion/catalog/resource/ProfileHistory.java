package dev.pillion.catalog.resource;

import dev.pillion.catalog.GenerationSettings;
import dev.pillion.catalog.Profile;
import dev.pillion.expression.Excerpt;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The generations of a profile that were in force before the present one, the oldest first.
 *
 * @param limit how many are kept, apart from those that are pinned
 */
record ProfileHistory(List<Entry> entries, int limit) {

    /** No history is longer, even if pinned generations are not known. */
    static final int MAX_ENTRIES = GenerationSettings.MAX_HISTORY_LIMIT + 14;

    static final ProfileHistory NONE = new ProfileHistory(List.of(), GenerationSettings.DEFAULT_HISTORY_LIMIT);

    /**
     * @param profile empty if it does not compile
     * @param problem why it does not compile; empty if it does
     */
    record Entry(StoredGeneration stored, Optional<Profile> profile, String problem) {

        String generation() {
            return stored.generation();
        }

        /** A generation that was in force. */
        static Entry of(Profile profile, String spec) {
            return new Entry(new StoredGeneration(profile.generation(), spec), Optional.of(profile), "");
        }

        /** Compiles a generation of the status. */
        static Entry read(CatalogResource resource, StoredGeneration stored) {
            Optional<CompileResult<Profile>> result = new LastGood(0, stored.spec())
                    .replacing(resource.tree())
                    .map(tree -> CompileResult.ofProfile(resource.source(tree)));
            Optional<Profile> profile = result.flatMap(CompileResult::compiled);
            if (profile.isEmpty()) {
                return new Entry(
                        stored,
                        Optional.empty(),
                        result.flatMap(found -> found.problems().stream().findFirst())
                                .map(problem -> "it does not compile: " + problem.inResource())
                                .orElse("its text in the status is not JSON"));
            }
            return profile.get().generation().equals(stored.generation())
                    ? new Entry(stored, profile, "")
                    : new Entry(stored, Optional.empty(), "its text in the status has another generation");
        }
    }

    ProfileHistory {
        entries = List.copyOf(entries);
    }

    Optional<Entry> find(String generation) {
        return entries.stream()
                .filter(entry -> entry.generation().equals(generation))
                .findFirst();
    }

    /** The last generation that was in force for all workloads, and not for a percentage, when it was replaced. */
    Optional<Entry> lastForAll() {
        return entries.reversed().stream()
                .filter(entry -> entry.profile()
                        .filter(profile -> profile.generations().forAll())
                        .isPresent())
                .findFirst();
    }

    /** Whether generations can be dropped that nothing pins. */
    boolean exceedsLimit() {
        return exceedsLimit(entries);
    }

    private boolean exceedsLimit(List<Entry> some) {
        return some.size() > limit || length(some) > LastGood.MAX_LENGTH;
    }

    private static long length(List<Entry> some) {
        return some.stream().mapToLong(entry -> entry.stored().spec().length()).sum();
    }

    /** The history without the oldest generations that nothing pins, until it is within its limit. */
    ProfileHistory withinLimit(Set<String> pinned) {
        List<Entry> kept = new ArrayList<>(entries);
        Iterator<Entry> oldest = entries.iterator();
        while (exceedsLimit(kept) && oldest.hasNext()) {
            Entry entry = oldest.next();
            if (!pinned.contains(entry.generation())) {
                kept.remove(entry);
            }
        }
        return new ProfileHistory(kept, limit);
    }

    /** What the status stores. Of a history that is too long, the newest generations are only in memory until others are dropped. */
    List<StoredGeneration> stored() {
        List<StoredGeneration> stored = new ArrayList<>();
        long length = 0;
        for (Entry entry : entries) {
            if (length + entry.stored().spec().length() <= LastGood.MAX_LENGTH) {
                length += entry.stored().spec().length();
                stored.add(entry.stored());
            }
        }
        return stored;
    }

    /** Sentences for the status. */
    List<String> notes() {
        List<String> notes = new ArrayList<>();
        if (entries.size() > limit) {
            notes.add(
                    "It has " + entries.size() + (entries.size() == 1 ? " earlier generation" : " earlier generations")
                            + ", more than its historyLimit of " + limit
                            + ". After an audit, Pillion drops the oldest ones that no Pod, namespace or policy pins.");
        }
        int lost = entries.size() - stored().size();
        if (lost > 0) {
            notes.add("Its earlier generations have more than " + LastGood.MAX_LENGTH
                    + " characters, so its status does not keep " + lost
                    + " of them: they are lost once Pillion has restarted.");
        }
        entries.stream()
                .filter(entry -> entry.profile().isEmpty())
                .forEach(entry -> notes.add("Its earlier generation " + Excerpt.of(entry.generation())
                        + " cannot be used: " + entry.problem() + "."));
        return notes;
    }
}
