package dev.pillion.catalog.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.pillion.catalog.InstanceName;
import dev.pillion.catalog.Policy;
import dev.pillion.catalog.Profile;
import dev.pillion.catalog.Source;
import dev.pillion.catalog.compile.PolicyReader;
import dev.pillion.catalog.compile.Problem;
import dev.pillion.catalog.compile.ProfileReader;
import dev.pillion.yaml.Document;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The result of compiling one profile or policy. It stays valid until the resource, or a profile that a policy grants, changes.
 *
 * @param compiled empty if there are problems
 * @param granted for a policy, the profiles that it grants by name; empty values for missing profiles
 */
record CompileResult<T>(
        Source source, Optional<T> compiled, List<Problem> problems, Map<String, Optional<Profile>> granted) {

    static CompileResult<Profile> ofProfile(Source source) {
        List<Problem> problems = new ArrayList<>();
        Optional<Profile> profile = ProfileReader.read(source.file(), source.document(), problems);
        return new CompileResult<>(source, profile, problems, Map.of());
    }

    static CompileResult<Policy> ofPolicy(Source source, Map<String, Profile> profiles) {
        List<Problem> problems = new ArrayList<>();
        Optional<Policy> policy = PolicyReader.read(source.file(), source.document(), profiles, Set.of(), problems);
        return new CompileResult<>(source, policy, problems, granted(source, profiles));
    }

    /** The policy without the grants that do not compile with these profiles; empty if none of them compiles. */
    static Optional<Policy> withoutBrokenGrants(Source source, Map<String, Profile> profiles) {
        TreeSet<Integer> broken = new TreeSet<>();
        ofPolicy(source, profiles).problems().forEach(problem -> problem.grant()
                .ifPresent(grant -> broken.add(grant.index())));
        JsonNode tree = source.document().tree().deepCopy();
        broken.descendingSet().forEach(((ArrayNode) grants(tree))::remove);
        Document rest = new Document(tree, source.document().lines());
        return ofPolicy(new Source(source.file(), rest), profiles).compiled();
    }

    /** Whether all problems are in grants. */
    boolean hasOnlyGrantProblems() {
        return problems.stream().allMatch(problem -> problem.grant().isPresent());
    }

    /** The first problem of the grant with this index. */
    Optional<Problem> problemOf(int grant) {
        return problems.stream()
                .filter(problem ->
                        problem.grant().filter(at -> at.index() == grant).isPresent())
                .findFirst();
    }

    /** The names of the profiles that a policy grants, in order; an empty text for a name that cannot be read. */
    static List<String> grantedNames(Source policy) {
        List<String> names = new ArrayList<>();
        grants(policy.document().tree())
                .forEach(grant -> names.add(grant.path("name").asText()));
        return names;
    }

    /** The names of the profiles or instances that a policy grants, in order. */
    static List<String> requestedNames(Source policy) {
        List<String> names = new ArrayList<>();
        for (JsonNode grant : grants(policy.document().tree())) {
            String profile = grant.path("name").asText();
            String instance = grant.path("instance").asText();
            names.add(
                    instance.isEmpty() || profile.isEmpty() ? profile : new InstanceName(instance, profile).toString());
        }
        return names;
    }

    /** Whether compiling this source with these profiles gives the same result. */
    boolean isValidFor(Source present, Map<String, Profile> profiles) {
        return isOf(present)
                && granted(source, profiles).equals(granted)
                // A problem of a grant can suggest the name of any profile.
                && (problems.isEmpty() || granted.isEmpty());
    }

    boolean isOf(Source other) {
        return source.document().tree().equals(other.document().tree());
    }

    /** The name of the profile in the grant that has the problem. */
    Optional<String> profileOf(Problem problem) {
        return problem.grant().map(grant -> grants(source.document().tree())
                .path(grant.index())
                .path("name")
                .asText());
    }

    static Map<String, Optional<Profile>> granted(Source policy, Map<String, Profile> profiles) {
        Map<String, Optional<Profile>> granted = new HashMap<>();
        for (JsonNode grant : grants(policy.document().tree())) {
            String name = grant.path("name").asText();
            granted.put(name, Optional.ofNullable(profiles.get(name)));
        }
        return granted;
    }

    /** The generations that a policy pins. */
    static Stream<PinnedGeneration> pinned(Source policy) {
        return grants(policy.document().tree())
                .valueStream()
                .filter(grant -> grant.path("generation").isTextual())
                .map(grant -> new PinnedGeneration(
                        grant.path("name").asText(), grant.path("generation").asText()));
    }

    private static JsonNode grants(JsonNode policy) {
        return policy.path("spec").path("profiles");
    }
}
