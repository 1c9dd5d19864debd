package dev.pillion.catalog.compile;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.catalog.ContainerTemplate;
import dev.pillion.catalog.Parameter;
import dev.pillion.catalog.Profile;
import dev.pillion.catalog.Profile.Access;
import dev.pillion.catalog.parameter.ParameterType;
import dev.pillion.pod.DnsLabel;
import dev.pillion.yaml.YamlReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The rules for all built-in profiles. */
class BuiltInProfilesTest {

    private static final Path DIRECTORY = Path.of("src/main/resources/profiles");

    @Test
    void areAllOfTheFilesInTheirDirectory() throws Exception {
        assertThat(CatalogReader.builtIn().names())
                .containsExactlyElementsOf(
                        files().map(BuiltInProfilesTest::nameOf).toList())
                .containsExactly(
                        "backup",
                        "config-reload",
                        "env",
                        "file-sync",
                        "git-sync",
                        "log-shipper",
                        "logging",
                        "metrics",
                        "migrate",
                        "permissions",
                        "prefetch",
                        "proxy",
                        "wait-for");
    }

    @ParameterizedTest
    @MethodSource("profiles")
    void areReadWithoutAProblem(String name) throws Exception {
        // given
        var problems = new java.util.ArrayList<Problem>();

        // when
        var documents = YamlReader.read(Files.readString(DIRECTORY.resolve(name + ".yaml")));
        Profile profile = ProfileReader.read(name, documents.getFirst(), problems)
                .orElseThrow(() -> new AssertionError(problems));

        // then
        assertThat(documents).hasSize(1);
        assertThat(problems).isEmpty();
        assertThat(profile.name()).isEqualTo(name);
    }

    @ParameterizedTest
    @MethodSource("profiles")
    void haveADescriptionOfOneSentence(String name) {
        assertThat(profile(name).description()).matches("[A-Z].{20,150}\\.");
    }

    @ParameterizedTest
    @MethodSource("profiles")
    void describeEveryParameter(String name) {
        assertThat(profile(name).parameters().values())
                .isNotEmpty()
                .allSatisfy(parameter ->
                        assertThat(parameter.description()).as(parameter.name()).matches("[A-Z].+\\."));
    }

    @ParameterizedTest
    @MethodSource("profiles")
    void useEveryParameter(String name) throws Exception {
        // given
        String text = tree(name).toString();

        // then
        for (Parameter parameter : profile(name).parameters().values()) {
            boolean used = Pattern.compile("params\\." + parameter.name() + "\\b")
                    .matcher(text)
                    .find();
            assertThat(used).as(parameter.name()).isEqualTo(parameter.type() != ParameterType.RESOURCES);
        }
    }

    @ParameterizedTest
    @MethodSource("profiles")
    void lockTheirImages(String name) {
        Stream<Parameter> images = profile(name).parameters().values().stream()
                .filter(parameter -> parameter.type() == ParameterType.IMAGE);
        assertThat(images).allSatisfy(image -> {
            assertThat(image.overridable())
                    .as("an annotation never becomes an image")
                    .isFalse();
            assertThat(image.defaultText()).as("a fixed version").contains(":").doesNotEndWith(":latest");
        });
    }

    @ParameterizedTest
    @MethodSource("profiles")
    void setRequestsAndLimitsForTheirContainers(String name) throws Exception {
        for (JsonNode container : containers(name)) {
            assertThat(container.at("/resources/requests/cpu").isTextual()).isTrue();
            assertThat(container.at("/resources/requests/memory").isTextual()).isTrue();
            if (inheritsImage(container)) {
                assertThat(container.at("/resources/limits").valueStream().map(JsonNode::textValue))
                        .as("as much as the app has")
                        .hasSize(2)
                        .allMatch(limit -> limit.startsWith("${app.?resources.?limits.?"));
                continue;
            }
            assertThat(container.at("/resources/limits/memory").isTextual()).isTrue();
            assertThat(container.at("/resources/limits").has("cpu"))
                    .as("a CPU limit slows a sidecar down where the node has time to spare")
                    .isFalse();
        }
    }

    @ParameterizedTest
    @MethodSource("profiles")
    void areHardened(String name) throws Exception {
        for (JsonNode container : containers(name)) {
            JsonNode context = container.path("securityContext");
            assertThat(context.isMissingNode() || context.isObject())
                    .as("hardened field by field")
                    .isTrue();
            assertThat(context.path("privileged").asBoolean()).isFalse();
            assertThat(context.path("allowPrivilegeEscalation").asBoolean()).isFalse();
            assertThat(context.path("seccompProfile").isMissingNode()).isTrue();
            if (profile(name).access() == Access.OPEN) {
                assertThat(context.at("/capabilities/add").isMissingNode()).isTrue();
                assertThat(context.path("runAsNonRoot").asText("true"))
                        .as("root only if the profile needs it")
                        .isIn(
                                inheritsImage(container)
                                        ? List.of(
                                                "${params.user >= 0 ? optional.of(params.user > 0) : app.?securityContext.?runAsNonRoot}")
                                        : List.of("true", "${params.user != 0}"));
            }
        }
        for (ContainerTemplate container : profile(name).containers()) {
            assertThat(container.body().toString())
                    .contains("allowPrivilegeEscalation", "capabilities", "seccompProfile", "runAsNonRoot", "requests");
        }
    }

    @ParameterizedTest
    @MethodSource("profiles")
    void writeToVolumesOnly(String name) throws Exception {
        for (JsonNode container : containers(name)) {
            assertThat(container.at("/securityContext/readOnlyRootFilesystem").asText())
                    .as(container.path("name").asText())
                    .isEqualTo(inheritsImage(container) ? "${app.?securityContext.?readOnlyRootFilesystem}" : "true");
        }
    }

    @ParameterizedTest
    @MethodSource("profiles")
    void neverPutAValueIntoAShellScript(String name) throws Exception {
        for (JsonNode container : containers(name)) {
            for (JsonNode word : container.path("command")) {
                if (word.textValue().contains("\n")) {
                    assertThat(word.textValue())
                            .as("a script gets its values as $1, $2")
                            .doesNotContain("${params", "${target");
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("profiles")
    void explainEveryGuardWithASentence(String name) {
        assertThat(profile(name).skipWhen()).allSatisfy(guard -> {
            assertThat(DnsLabel.isValid(guard.name())).isTrue();
            assertThat(guard.message()).isNotBlank().hasSizeLessThan(100);
        });
    }

    @Test
    void areRestrictedIfTheirContainersRunAsRoot() {
        assertThat(CatalogReader.builtIn().profiles())
                .filteredOn(profile -> profile.access() == Access.RESTRICTED)
                .extracting(Profile::name)
                .containsExactly("permissions");
    }

    private static boolean inheritsImage(JsonNode container) {
        return container.path("inherit").toString().contains("\"image\"");
    }

    private static Profile profile(String name) {
        return CatalogReader.builtIn().profile(name).orElseThrow();
    }

    private static JsonNode tree(String name) throws Exception {
        return YamlReader.read(Files.readString(DIRECTORY.resolve(name + ".yaml")))
                .getFirst()
                .tree();
    }

    private static List<JsonNode> containers(String name) throws Exception {
        JsonNode spec = tree(name).path("spec");
        return Stream.of("initContainers", "sidecars")
                .map(spec::path)
                .flatMap(list -> Stream.iterate(0, index -> index < list.size(), index -> index + 1)
                        .map(list::get))
                .toList();
    }

    static Collection<String> profiles() {
        return CatalogReader.builtIn().names();
    }

    private static Stream<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(DIRECTORY)) {
            return files.sorted().toList().stream();
        }
    }

    private static String nameOf(Path file) {
        Matcher name = Pattern.compile("(.*)\\.yaml").matcher(file.getFileName().toString());
        assertThat(name.matches()).isTrue();
        return name.group(1);
    }
}
