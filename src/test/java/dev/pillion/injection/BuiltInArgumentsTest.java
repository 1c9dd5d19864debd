package dev.pillion.injection;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.catalog.Catalog;
import dev.pillion.catalog.Parameter;
import dev.pillion.catalog.Profile;
import dev.pillion.catalog.compile.CatalogReader;
import dev.pillion.catalog.parameter.ParameterType;
import dev.pillion.injection.Decision.Denied;
import dev.pillion.injection.Decision.Injected;
import dev.pillion.injection.Decision.Unchanged;
import dev.pillion.injection.reason.Annotations;
import dev.pillion.injection.reason.Reason;
import dev.pillion.injection.reason.ReasonCode;
import dev.pillion.injection.settings.InjectionSettings;
import dev.pillion.pod.Container;
import dev.pillion.pod.Namespace;
import dev.pillion.pod.Pod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The companions of the built-in profiles get the values of annotations as data: one word, one variable or a string in a file. A value is
 * never code or an additional option.
 */
public class BuiltInArgumentsTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Path PROFILES = Path.of("src/main/resources/profiles");

    /** Part of every hostile value, and of nothing else. */
    public static final String MARK = "mark9";

    private static final List<String> HOSTILE = List.of(
            "'mark9",
            "\"mark9\"",
            "\\mark9",
            "`touch /mark9`",
            "$(touch /mark9)",
            "$(mark9)",
            "$$(mark9)",
            "$mark9",
            "${params.mark9}",
            "$${mark9}",
            "${env:mark9}",
            "'; touch /mark9; '",
            "; rm -rf /mark9",
            "&& mark9",
            "| mark9",
            "> /mark9",
            "a\nmark9",
            "a\r\nmark9",
            "a\0mark9",
            "--mark9",
            "--mark9=1",
            "-mark9",
            "-- --mark9",
            "a --mark9",
            "/--mark9",
            "/mark9 --mark9",
            "../mark9",
            "/../mark9",
            "*mark9*",
            "@/mark9",
            "#mark9",
            "%mark9",
            "~mark9",
            "{\"mark9\": \"--mark9\"}",
            "[\"--mark9\"]",
            "[\"mark9\", \"--mark9\", \"$(mark9)\"]",
            "mark9, --mark9",
            "A=$(mark9)",
            "--mark9=--mark9",
            "a:--mark9",
            "http://--mark9/",
            "http://mark9/$(mark9)/`mark9`",
            "ssh://-oProxyCommand=mark9/x",
            "ext::sh -c mark9",
            "job/--mark9",
            "pod/mark9=--all",
            "é✓🚀mark9");

    /** A value for each parameter that a profile requires. */
    public static final Map<String, String> REQUIRED = Map.ofEntries(
            Map.entry("backup/repository", "rest:http://backup/shop"),
            Map.entry("backup/secret", "backup"),
            Map.entry("config-reload/directories", "/data/conf"),
            Map.entry("env/variables", "LEVEL=debug"),
            Map.entry("file-sync/remote", "store:bucket"),
            Map.entry("file-sync/secret", "rclone"),
            Map.entry("git-sync/repo", "https://git.example.com/site.git"),
            Map.entry("log-shipper/endpoint", "http://otel:4318"),
            Map.entry("metrics/endpoint", "http://otel:4318"),
            Map.entry("migrate/command", "./migrate"),
            Map.entry("permissions/mode", "0770"),
            Map.entry("prefetch/sha256", "0".repeat(64)),
            Map.entry("prefetch/url", "https://files.example.com/model.bin"),
            Map.entry("wait-for/targets", "db:5432"));

    /** These can begin with a hyphen: the user determines the whole command, and the script puts the directory before the files. */
    public static final Set<String> FREE = Set.of("migrate/command", "logging/files");

    private static final Pattern OPTION =
            Pattern.compile("(?<![-\\w])--?[A-Za-z][-A-Za-z0-9]*|(?<![-\\w])--(?![-\\w])");

    /** The fields of a container that can contain a value, in addition to its name. */
    private static final Pattern PLACES = Pattern.compile("/name"
            + "|/args/\\d+"
            + "|/command/\\d+"
            + "|/env/\\d+/value"
            + "|/env/\\d+/valueFrom/secretKeyRef/name"
            + "|/envFrom/\\d+/secretRef/name"
            + "|/ports/\\d+/name"
            + "|/volumeMounts/\\d+/(name|mountPath)");

    private static final JsonNode POD = Trial.yaml("""
            metadata: {name: web, annotations: {}}
            spec:
              containers:
                - name: web
                  image: nginx
                  ports: [{containerPort: 8080}]
                  volumeMounts: [{name: data, mountPath: /data}]
              volumes: [{name: data, persistentVolumeClaim: {claimName: data}}]
            """);

    private static Catalog catalog;

    private final Injector injector = new Injector(InjectionSettings.defaults());

    @BeforeAll
    static void open(@TempDir Path directory) throws Exception {
        catalog = openCatalog(directory);
    }

    /** The built-in profiles. Restricted profiles are open to all. */
    public static Catalog openCatalog(Path directory) throws Exception {
        for (Profile profile : CatalogReader.builtIn().profiles()) {
            Files.writeString(
                    directory.resolve(profile.name() + ".yaml"),
                    source(profile.name()).replace("access: Restricted", ""));
        }
        return CatalogReader.read(directory);
    }

    @ParameterizedTest
    @MethodSource("parameters")
    void areSeparateWords(String profile, String parameter) throws Exception {
        JsonNode usual = injected(profile, Map.of());
        int expansions = expansionsInFiles(usual);
        Set<String> options = options(profile);
        for (String value : values(
                profile, catalog.profile(profile).orElseThrow().parameters().get(parameter))) {
            JsonNode pod = pod(profile, Map.of(parameter, value));
            switch (injector.decide(Pod.of(pod), Namespace.named("shop"), catalog)) {
                case Denied(Reason reason, var _, var _, var _) ->
                    assertThat(reason.code())
                            .as("%s: %s", value, reason.message())
                            .isEqualTo(ReasonCode.INVALID_VALUE);
                case Unchanged(Reason reason, var _) ->
                    assertThat(reason.code()).as(value).isEqualTo(ReasonCode.SKIPPED);
                case Injected(var _, var patch) -> {
                    JsonNode injected = Oracles.apply(patch, pod);
                    boolean free = FREE.contains(profile + "/" + parameter);
                    companions(injected)
                            .forEach(companion -> checkCompanion(companion, free ? Set.of() : options, value));
                    checkVolumes(injected, value);
                    assertThat(expansionsInFiles(injected)).as(value).isEqualTo(expansions);
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "backup        | repository  | sftp:host:/x",
                "backup        | repository  | rest:http://user:password@backup/",
                "backup        | tags        | --stdin-from-command",
                "config-reload | directories | /data/../etc",
                "config-reload | endpoint    | @elsewhere.example.com/",
                "file-sync     | remote      | :local:/etc",
                "file-sync     | remote      | /etc",
                "git-sync      | ref         | --upload-pack=x",
                "git-sync      | ref         | main:refs/heads/x",
                "git-sync      | repo        | ext::sh",
                "git-sync      | repo        | file:///etc",
                "git-sync      | repo        | git@-oProxyCommand=x:a",
                "git-sync      | repo        | https://user:password@git.example.com/a",
                "git-sync      | link        | ../x",
                "log-shipper   | endpoint    | http://${env:SECRET}:4318",
                "metrics       | path        | /${env:SECRET}",
                "permissions   | mode        | --reference=/etc",
                "permissions   | owner       | root",
                "prefetch      | url         | file:///etc/passwd",
                "prefetch      | url         | https://user:password@files.example.com/a",
                "prefetch      | file        | ../a",
                "prefetch      | sha256      | 0",
                "wait-for      | targets     | pod/--all",
            })
    void areRefusedIfTheProgramWouldInterpretThem(String profile, String parameter, String value) throws Exception {
        Decision decision =
                injector.decide(Pod.of(pod(profile, Map.of(parameter, value))), Namespace.named("shop"), catalog);

        assertThat(decision).isInstanceOfSatisfying(Denied.class, denied -> assertThat(
                        denied.reason().code())
                .isEqualTo(ReasonCode.INVALID_VALUE));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void needNoSecondPass(boolean natively) throws Exception {
        ObjectNode pod = (ObjectNode) POD.deepCopy();
        ObjectNode annotations = (ObjectNode) pod.at("/metadata/annotations");
        annotations.put(Annotations.INJECT, String.join(",", catalog.names()));
        REQUIRED.forEach((place, value) ->
                annotations.put(Annotations.parameter(place.split("/", 2)[0], place.split("/", 2)[1]), value));
        // Another profile adds these directories, so the app has no volumes for them.
        annotations.put(Annotations.parameter("config-reload", "directories"), "/prefetch");
        annotations.put(Annotations.parameter("backup", "path"), "/git");

        Optional<Pod> injected = Oracles.check(
                new Injector(InjectionSettings.defaults().withNativeSidecars(natively)), Pod.of(pod), catalog);

        assertThat(injected.orElseThrow().allContainers().map(Container::name))
                .contains("permissions", "git-sync", "file-sync", "metrics", "migrate")
                .doesNotContain("config-reload", "backup");
    }

    @Test
    void doNotChangeTheCapabilitiesOfPermissions() throws Exception {
        JsonNode permissions = companions(injected("permissions", Map.of("owner", "1000:2000", "recursive", "false")))
                .getFirst();

        assertThat(permissions.path("command").get(4)).hasToString("\"1000:2000\"");
        assertThat(permissions.has("args")).isFalse();
        assertThat(permissions.path("securityContext")).isEqualTo(Trial.yaml("""
                runAsUser: 0
                runAsNonRoot: false
                readOnlyRootFilesystem: true
                allowPrivilegeEscalation: false
                capabilities: {drop: [ALL], add: [CHOWN, FOWNER, DAC_OVERRIDE, FSETID]}
                seccompProfile: {type: RuntimeDefault}
                """));
    }

    public static void checkCompanion(JsonNode companion, Set<String> options, String value) {
        List<String> words = new ArrayList<>();
        boolean shell = companion.at("/command/0").asText().equals("sh");
        companion.path("command").forEach(word -> words.add(word.textValue()));
        if (shell) {
            assertThat(words.subList(0, 3)).as(value).noneMatch(word -> word.contains(MARK));
            // Also in scripts: the kubelet replaces a shell's $(date) if a variable has that name.
            checkExpandsNothing(words.get(2));
            words.subList(0, 3).clear();
        }
        companion.path("args").forEach(word -> words.add(word.textValue()));
        for (String word : words) {
            checkExpandsNothing(word);
            if (!options.isEmpty() && word.startsWith("-")) {
                assertThat(options).as("'%s' for '%s'", word, value).contains(word.split("[= ]", 2)[0]);
            }
        }
        companion
                .path("env")
                .forEach(variable -> checkExpandsNothing(variable.path("value").asText()));
        assertThat(companion.path("name").asText()).matches("[-a-z0-9]{1,63}");
        assertThat(placesOfMark(companion)).as(value).allMatch(place -> PLACES.matcher(place)
                .matches());
    }

    private static void checkExpandsNothing(String text) {
        assertThat(text.replace("$$", "")).as("text that the kubelet expands").doesNotContain("$(");
    }

    public static void checkVolumes(JsonNode pod, String value) {
        for (JsonNode volume : pod.path("spec").path("volumes")) {
            assertThat(volume.path("name").asText()).as(value).matches("[-a-z0-9]{1,63}");
            assertThat(placesOfMark(volume)).as(value).isSubsetOf("/name", "/secret/secretName");
        }
    }

    /** The number of expressions in the files of the companions that a program would expand. */
    public static int expansionsInFiles(JsonNode pod) throws Exception {
        int expansions = 0;
        for (Map.Entry<String, JsonNode> annotation :
                pod.at("/metadata/annotations").properties()) {
            if (annotation.getKey().startsWith(Annotations.FILE_PREFIX)) {
                String content = annotation.getValue().textValue();
                assertThat(JSON.readTree(content).isObject()).isTrue();
                expansions += content.split("\\$", -1).length;
            }
        }
        return expansions;
    }

    /** The places of the mark in a tree. */
    private static List<String> placesOfMark(JsonNode tree) {
        List<String> places = new ArrayList<>();
        collect(tree, "", places);
        return places;
    }

    private static void collect(JsonNode tree, String place, List<String> places) {
        if (tree.asText().contains(MARK)) {
            places.add(place);
        }
        tree.properties().forEach(field -> {
            if (field.getKey().contains(MARK)) {
                places.add(place + "/" + field.getKey() + " (a field)");
            }
            collect(field.getValue(), place + "/" + field.getKey(), places);
        });
        for (int index = 0; tree.isArray() && index < tree.size(); index++) {
            collect(tree.get(index), place + "/" + index, places);
        }
    }

    private JsonNode injected(String profile, Map<String, String> values) throws Exception {
        JsonNode pod = pod(profile, values);
        Decision decision = injector.decide(Pod.of(pod), Namespace.named("shop"), catalog);
        assertThat(decision).isInstanceOf(Injected.class);
        return Oracles.apply(((Injected) decision).patch(), pod);
    }

    public static JsonNode pod(String profile, Map<String, String> values) {
        JsonNode pod = POD.deepCopy();
        ObjectNode annotations = (ObjectNode) pod.at("/metadata/annotations");
        annotations.put(Annotations.INJECT, profile);
        Map<String, String> all = new HashMap<>();
        REQUIRED.forEach((place, value) -> {
            if (place.startsWith(profile + "/")) {
                all.put(place.substring(profile.length() + 1), value);
            }
        });
        all.putAll(values);
        all.forEach((parameter, value) -> annotations.put(Annotations.parameter(profile, parameter), value));
        return pod;
    }

    /** Each hostile value alone, and after a valid value. */
    private static List<String> values(String profile, Parameter parameter) {
        String usual = parameter.defaultText().contains("${") ? "" : parameter.defaultText();
        String right = REQUIRED.getOrDefault(profile + "/" + parameter.name(), usual);
        boolean several = parameter.type() == ParameterType.LIST
                || parameter.type() == ParameterType.PATHS
                || parameter.type() == ParameterType.MAP
                || parameter.type() == ParameterType.ENDPOINTS;
        return HOSTILE.stream()
                .flatMap(value -> several
                        ? Stream.of(value, right + value, right + "," + value)
                        : Stream.of(value, right + value))
                .distinct()
                .toList();
    }

    public static List<JsonNode> companions(JsonNode pod) {
        List<JsonNode> companions = new ArrayList<>();
        pod.path("spec").path("initContainers").forEach(companions::add);
        return companions;
    }

    /** The options in the profile. */
    public static Set<String> options(String profile) throws IOException {
        return OPTION.matcher(source(profile))
                .results()
                .map(MatchResult::group)
                .collect(Collectors.toCollection(HashSet::new));
    }

    private static String source(String profile) throws IOException {
        return Files.readString(PROFILES.resolve(profile + ".yaml"));
    }

    static Stream<Arguments> parameters() {
        return CatalogReader.builtIn().profiles().stream().flatMap(profile -> profile.parameters().values().stream()
                .filter(Parameter::overridable)
                .map(parameter -> Arguments.of(profile.name(), parameter.name())));
    }
}
