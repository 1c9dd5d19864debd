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

/**
 * What came of compiling one profile or policy, so that it need not be done again while nothing has changed.
 *
 * @param compiled present when there are no problems
 * @param against of a policy, the profiles that it grants, where there are such
 */
record CompileResult<T>(
        Source source, Optional<T> compiled, List<Problem> problems, Map<String, Optional<Profile>> against) {

    private static final String GRANTS = "spec.profiles";

    static CompileResult<Profile> atProfile(Source source) {
        List<Problem> problems = new ArrayList<>();
        Optional<Profile> profile = ProfileReader.read(source.file(), source.document(), problems);
        return new CompileResult<>(source, profile, problems, Map.of());
    }

    static CompileResult<Policy> atPolicy(Source source, Map<String, Profile> profiles) {
        List<Problem> problems = new ArrayList<>();
        Optional<Policy> policy = PolicyReader.read(source.file(), source.document(), profiles, Set.of(), problems);
        return new CompileResult<>(source, policy, problems, granted(source, profiles));
    }

    /** The policy without those of its grants that do not compile against these profiles; empty when none of them does. */
    static Optional<Policy> atWhatFits(Source source, Map<String, Profile> profiles) {
        TreeSet<Integer> misfits = new TreeSet<>();
        atPolicy(source, profiles).problems().forEach(problem -> grantOf(problem)
                .ifPresent(misfits::add));
        JsonNode tree = source.document().tree().deepCopy();
        misfits.descendingSet().forEach(((ArrayNode) grants(tree))::remove);
        Document rest = new Document(tree, source.document().lines());
        return atPolicy(new Source(source.file(), rest), profiles).compiled();
    }

    /** Whether nothing is wrong with the policy itself, whatever is wrong with the profiles that it grants. */
    boolean failsByGrantsAlone() {
        return problems.stream().allMatch(problem -> grantOf(problem).isPresent());
    }

    /** The first thing that is wrong with the grant of this index. */
    Optional<Problem> problemOf(int grant) {
        return problems.stream()
                .filter(problem -> grantOf(problem).equals(Optional.of(grant)))
                .findFirst();
    }

    /** The names of the profiles that a policy grants, in order; empty where one cannot be read. */
    static List<String> grantedNames(Source policy) {
        List<String> names = new ArrayList<>();
        grants(policy.document().tree())
                .forEach(grant -> names.add(grant.path("name").asText()));
        return names;
    }

    /** The names by which the profiles that a policy grants are requested, as they stand in it. */
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

    /** Whether compiling this against these profiles would come to the same. */
    boolean holdsFor(Source present, Map<String, Profile> profiles) {
        return isOf(present)
                && granted(source, profiles).equals(against)
                // What is wrong with a grant may name the nearest of all the profiles that there are.
                && (problems.isEmpty() || against.isEmpty());
    }

    boolean isOf(Source other) {
        return source.document().tree().equals(other.document().tree());
    }

    /** The profile that stands in the grant which a problem is about. */
    Optional<String> profileOf(Problem problem) {
        return grantOf(problem).map(index -> grants(source.document().tree())
                .path(index)
                .path("name")
                .asText());
    }

    private static Optional<Integer> grantOf(Problem problem) {
        String path = problem.path();
        return path.startsWith(GRANTS + "[")
                ? Optional.of(Integer.valueOf(path.substring(GRANTS.length() + 1, path.indexOf(']'))))
                : Optional.empty();
    }

    static Map<String, Optional<Profile>> granted(Source policy, Map<String, Profile> profiles) {
        Map<String, Optional<Profile>> granted = new HashMap<>();
        for (JsonNode grant : grants(policy.document().tree())) {
            String name = grant.path("name").asText();
            granted.put(name, Optional.ofNullable(profiles.get(name)));
        }
        return granted;
    }

    private static JsonNode grants(JsonNode policy) {
        return policy.path("spec").path("profiles");
    }
}
