package dev.pillion.injection.select;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.catalog.Catalog;
import dev.pillion.catalog.Parameter;
import dev.pillion.catalog.Profile;
import dev.pillion.injection.BuiltInArgumentsTest;
import dev.pillion.injection.Decision;
import dev.pillion.injection.Decision.Denied;
import dev.pillion.injection.Decision.Injected;
import dev.pillion.injection.Decision.Unchanged;
import dev.pillion.injection.Injector;
import dev.pillion.injection.Oracles;
import dev.pillion.injection.Trial;
import dev.pillion.injection.reason.ReasonCode;
import dev.pillion.injection.settings.InjectionSettings;
import dev.pillion.pod.Namespace;
import dev.pillion.pod.Pod;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Any value of any parameter of the built-in profiles, written as {@code profile/parameter=value}. Companions get it as data. It is never
 * a second argument, an option, shell text, an expression of a shell or the kubelet, or structure of a file.
 */
public final class ParametersFuzz {

    private static final Injector INJECTOR = new Injector(InjectionSettings.defaults());
    private static final Catalog CATALOG = catalog();
    private static final Map<String, Set<String>> OPTIONS = options();
    private static final Map<String, JsonNode> USUAL = usual();

    private ParametersFuzz() {}

    private record Assignment(Profile profile, Parameter parameter, String value) {

        static Optional<Assignment> of(String text) {
            int slash = text.indexOf('/');
            int equals = text.indexOf('=', slash);
            if (slash < 0 || equals < 0) {
                return Optional.empty();
            }
            // The table of required values has no instances.
            return CATALOG.profile(text.substring(0, slash))
                    .filter(profile -> profile.instance().isEmpty())
                    .flatMap(profile -> Optional.ofNullable(profile.parameters().get(text.substring(slash + 1, equals)))
                            .filter(Parameter::overridable)
                            .map(parameter -> new Assignment(profile, parameter, text.substring(equals + 1))));
        }

        boolean isFree() {
            return BuiltInArgumentsTest.FREE.contains(profile.name() + "/" + parameter.name());
        }

        /** The assignment with a mark that the checks look for. */
        Assignment marked() {
            return value.contains(BuiltInArgumentsTest.MARK) ? this : with(value + BuiltInArgumentsTest.MARK);
        }

        /** The assignment with a letter for each character that has a meaning for a shell, the kubelet, YAML or JSON. */
        Assignment harmless() {
            return with(value.replaceAll("[^-A-Za-z0-9._:/@=,+]", "a"));
        }

        boolean hasOneValue() {
            return switch (parameter.type()) {
                case LIST, PATHS, MAP, ENDPOINTS -> false;
                default -> true;
            };
        }

        /** Whether the value has only separators: for example, no variables of env, so that there is nothing to add. */
        boolean isEmpty() {
            return !hasOneValue() && value.replaceAll("[,\\s]", "").isEmpty();
        }

        private Assignment with(String other) {
            return new Assignment(profile, parameter, other);
        }

        Decision decide() throws Exception {
            return INJECTOR.decide(Pod.of(pod()), Namespace.named("shop"), CATALOG);
        }

        JsonNode pod() {
            return BuiltInArgumentsTest.pod(profile.name(), Map.of(parameter.name(), value));
        }
    }

    public static void test(byte[] input) throws Exception {
        Optional<Assignment> assignment = Assignment.of(new String(input, StandardCharsets.UTF_8));
        if (assignment.isPresent()) {
            check(assignment.get());
            check(assignment.get().marked());
        }
    }

    private static void check(Assignment assignment) throws Exception {
        switch (assignment.decide()) {
            case Denied denied ->
                assertThat(denied.reason().code())
                        .isIn(ReasonCode.INVALID_VALUE, ReasonCode.DIRECTORY_NOT_SHAREABLE, ReasonCode.TOO_LARGE);
            case Unchanged unchanged -> {
                if (!assignment.isEmpty()) {
                    assertThat(unchanged.reason().code()).isEqualTo(ReasonCode.SKIPPED);
                }
            }
            case Injected decided -> {
                JsonNode injected = Oracles.apply(decided.patch(), assignment.pod());
                Set<String> options = assignment.isFree()
                        ? Set.of()
                        : OPTIONS.get(assignment.profile().name());
                BuiltInArgumentsTest.companions(injected)
                        .forEach(companion ->
                                BuiltInArgumentsTest.checkCompanion(companion, options, assignment.value()));
                BuiltInArgumentsTest.checkVolumes(injected, assignment.value());
                assertThat(BuiltInArgumentsTest.expansionsInFiles(injected))
                        .isEqualTo(BuiltInArgumentsTest.expansionsInFiles(
                                USUAL.get(assignment.profile().name())));
                checkShape(assignment, injected);
            }
        }
    }

    /** A value without special characters results in the same numbers of containers, arguments, variables and mounts. */
    private static void checkShape(Assignment assignment, JsonNode injected) throws Exception {
        Assignment harmless = assignment.harmless();
        if (assignment.hasOneValue() && harmless.decide() instanceof Injected(var _, var patch)) {
            assertThat(shape(injected)).isEqualTo(shape(Oracles.apply(patch, harmless.pod())));
        }
    }

    private static List<String> shape(JsonNode pod) {
        List<String> shape = new ArrayList<>();
        for (JsonNode companion : BuiltInArgumentsTest.companions(pod)) {
            collect(companion, "", shape);
        }
        return shape;
    }

    private static void collect(JsonNode tree, String place, List<String> places) {
        places.add(place);
        tree.properties().forEach(field -> collect(field.getValue(), place + "/" + field.getKey(), places));
        for (int index = 0; tree.isArray() && index < tree.size(); index++) {
            collect(tree.get(index), place + "/" + index, places);
        }
    }

    private static Catalog catalog() {
        try {
            Path directory = Files.createTempDirectory("profiles");
            try {
                return BuiltInArgumentsTest.openCatalog(directory);
            } finally {
                Trial.delete(directory);
            }
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static Map<String, Set<String>> options() {
        try {
            Map<String, Set<String>> options = new HashMap<>();
            for (String profile : CATALOG.names()) {
                options.put(profile, BuiltInArgumentsTest.options(profile));
            }
            return options;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The injected Pod of each profile with its required parameters only. */
    private static Map<String, JsonNode> usual() {
        Map<String, JsonNode> usual = new HashMap<>();
        for (String profile : CATALOG.names()) {
            JsonNode pod = BuiltInArgumentsTest.pod(profile, Map.of());
            try {
                usual.put(
                        profile,
                        INJECTOR.decide(Pod.of(pod), Namespace.named("shop"), CATALOG)
                                        instanceof Injected(var _, var patch)
                                ? Oracles.apply(patch, pod)
                                : pod);
            } catch (Exception e) {
                throw new IllegalStateException(profile, e);
            }
        }
        return usual;
    }
}
