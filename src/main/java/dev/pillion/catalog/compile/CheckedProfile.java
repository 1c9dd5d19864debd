package dev.pillion.catalog.compile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.catalog.Profile;
import dev.pillion.expression.CheckedExpressions;
import dev.pillion.yaml.Document;
import dev.pillion.yaml.YamlException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * A built-in profile with its checked expressions. The build stores it as JSON. Reading this takes much less time than reading the YAML file and
 * checking the expressions.
 *
 * @param document without lines: a built-in profile has no problems to report
 * @param expressions the checked expressions by their key
 */
record CheckedProfile(String name, Document document, Map<String, byte[]> expressions) implements CheckedExpressions {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String PROFILE = "profile";
    private static final String EXPRESSIONS = "expressions";

    /** Stores all built-in profiles. The build calls it with the directory of the compiled classes. */
    public static void main(String[] arguments) throws IOException {
        for (String name : BuiltInProfiles.NAMES) {
            Path file = Path.of(arguments[0] + resource(name));
            Files.createDirectories(file.getParent());
            Files.write(file, check(name).json());
        }
    }

    /** What the build has stored; empty if the classes were not compiled by the build, as in an IDE. */
    static Optional<CheckedProfile> stored(String name) {
        try (InputStream file = CheckedProfile.class.getResourceAsStream(resource(name))) {
            return file == null ? Optional.empty() : Optional.of(read(name, file.readAllBytes()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads the YAML file and checks its expressions. */
    static CheckedProfile check(String name) {
        try (InputStream file =
                Objects.requireNonNull(CheckedProfile.class.getResourceAsStream("/profiles/" + name + ".yaml"))) {
            String text = new String(file.readAllBytes(), StandardCharsets.UTF_8);
            Recorder recorder = new Recorder();
            CheckedProfile profile =
                    new CheckedProfile(name, CatalogDocument.in(text).getFirst().document(), recorder.expressions);
            profile.compile(recorder);
            return profile;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (YamlException e) {
            throw new IllegalStateException("the built-in profile " + name + " is not YAML", e);
        }
    }

    static CheckedProfile read(String name, byte[] json) throws IOException {
        JsonNode content = JSON.readTree(json);
        SortedMap<String, byte[]> expressions = new TreeMap<>();
        for (Map.Entry<String, JsonNode> expression : content.path(EXPRESSIONS).properties()) {
            expressions.put(expression.getKey(), expression.getValue().binaryValue());
        }
        return new CheckedProfile(name, new Document(content.path(PROFILE), Map.of()), expressions);
    }

    byte[] json() throws IOException {
        ObjectNode content = JSON.createObjectNode();
        content.set(PROFILE, document.tree());
        ObjectNode byKey = content.putObject(EXPRESSIONS);
        expressions.forEach(byKey::put);
        return JSON.writeValueAsBytes(content);
    }

    Profile compile(CheckedExpressions checked) {
        List<Problem> problems = new ArrayList<>();
        return ProfileReader.read(CatalogReader.BUILT_IN_SOURCE, document, checked, problems)
                .orElseThrow(() ->
                        new IllegalStateException("the built-in profile " + name + " does not compile: " + problems));
    }

    @Override
    public Optional<byte[]> find(String key) {
        return Optional.ofNullable(expressions.get(key));
    }

    private static String resource(String name) {
        return "/checked-profiles/" + name + ".json";
    }

    private static final class Recorder implements CheckedExpressions {

        private final SortedMap<String, byte[]> expressions = new TreeMap<>();

        @Override
        public Optional<byte[]> find(String key) {
            return Optional.empty();
        }

        @Override
        public void checked(String key, Supplier<byte[]> expression) {
            expressions.put(key, expression.get());
        }
    }
}
