package dev.pillion.injection.apply;

import dev.pillion.catalog.Profile;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The additions of each profile, one line for each, as people read them. */
final class AdditionLines {

    private final Map<String, List<String>> byProfile = new HashMap<>();

    /** @param line as {@code volume pillion-var-log-app (emptyDir)} */
    void add(Profile profile, String line) {
        byProfile.computeIfAbsent(profile.name(), name -> new ArrayList<>()).add(line);
    }

    List<String> of(Profile profile) {
        return byProfile.getOrDefault(profile.name(), List.of());
    }
}
