package dev.pillion.catalog.compile;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pillion.catalog.Catalog;
import dev.pillion.catalog.Policy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CatalogReaderTest {

    @TempDir
    private Path root;

    private Path directory;

    @BeforeEach
    void makeDirectory() throws IOException {
        directory = Files.createDirectory(root.resolve("profiles"));
    }

    @Test
    void hasTheBuiltInProfilesIfTheDirectoryIsEmpty() throws Exception {
        // when
        Catalog catalog = CatalogReader.read(directory);

        // then
        assertThat(catalog.names())
                .containsExactlyElementsOf(CatalogReader.builtIn().names());
        assertThat(catalog.generation()).isEqualTo(CatalogReader.builtIn().generation());
    }

    /** The files are compiled at the same time. */
    @Test
    void reportsTheProblemsOfManyFilesInTheOrderOfTheFiles() throws Exception {
        List<String> files =
                IntStream.range(100, 200).mapToObj(each -> each + ".yaml").toList();
        for (String file : files) {
            if (file.startsWith("15")) {
                Files.write(directory.resolve(file), "\u00e9".getBytes(ISO_8859_1));
            } else {
                write(file, profile("same") + "  skipWhen: [{when: \"${pod.nowhere}\", message: never}]\n");
            }
        }

        InvalidCatalogException invalid =
                catchThrowableOfType(InvalidCatalogException.class, () -> CatalogReader.read(directory));

        assertThat(invalid.problems().stream().map(Problem::file).distinct()).containsExactlyElementsOf(files);
    }

    @Test
    void addsTheProfilesOfADirectoryToTheBuiltInOnes() throws Exception {
        // given
        write("one.yaml", profile("one"));
        write("team/two.yml", profile("two"));
        write(
                "team/deeper/three.json",
                "{apiVersion: pillion.dev/v1alpha1, kind: InjectionProfile,"
                        + " metadata: {name: three}, spec: {description: Three.}}");
        write("README.md", "not a profile: [");
        write("notes.txt", "nor: [ this");
        write("profile.yaml.bak", "nor: [ this");

        // when
        Catalog catalog = CatalogReader.read(directory);

        // then
        assertThat(List.copyOf(catalog.names()))
                .contains("one", "two", "three", "logging")
                .isSorted();
        assertThat(catalog.profile("two").orElseThrow().source())
                .isEqualTo(Path.of("team", "two.yml").toString());
        assertThat(catalog.profile("logging").orElseThrow().source()).isEqualTo("built in");
        assertThat(catalog.profile("four")).isEmpty();
        assertThat(catalog.generation()).isNotEqualTo(CatalogReader.builtIn().generation());
    }

    @Test
    void readsTheItemsOfAListAsKubectlWritesIt() throws Exception {
        // given
        Path files = Path.of("src/test/resources/catalog/from-the-cluster");
        write("list.yaml", Files.readString(files.resolve("list-as-kubectl-writes-it.yaml")));
        write("list.json", Files.readString(files.resolve("list-of-profiles.json")));

        // when
        Catalog catalog = CatalogReader.read(directory);

        // then
        assertThat(catalog.names()).contains("tail", "one", "two");
        assertThat(catalog.policies()).extracting(Policy::name).containsExactly("all-tail");
        assertThat(catalog.profile("tail").orElseThrow().generation())
                .as("that of the file that was applied")
                .isEqualTo(Profiles.profile("sidecars: [{name: tail, image: \"busybox:1.37\"}]")
                        .generation());
    }

    @Test
    void replacesABuiltInProfileByOneOfTheDirectory() throws Exception {
        // given
        write("own.yaml", profile("logging"));

        // when
        Catalog catalog = CatalogReader.read(directory);

        // then
        assertThat(catalog.profile("logging").orElseThrow().source()).isEqualTo("own.yaml");
        assertThat(catalog.names())
                .containsExactlyElementsOf(CatalogReader.builtIn().names());
    }

    @Test
    void rejectsOneNameInTwoFiles() throws Exception {
        // given
        write("a.yaml", profile("one"));
        write("b.yaml", "\n\n" + profile("one"));

        // then
        assertThat(problems()).containsExactly("b.yaml:5: metadata.name: the profile 'one' is also defined in a.yaml");
    }

    @Test
    void rejectsOneNameTwiceInAFile() throws Exception {
        // given
        write("a.yaml", profile("one") + "---\n" + profile("one"));

        // then
        assertThat(problems()).singleElement().asString().startsWith("a.yaml:").contains("'one'");
    }

    @Test
    void reportsTheProblemsOfAllFiles() throws Exception {
        // given
        write("a.yaml", profile("one").replace("description", "descripton"));
        write("b/c.yaml", "kind: [");
        write("d.yaml", profile("Two"));
        write("e.yaml", profile("fine"));

        // when
        InvalidCatalogException invalid =
                catchThrowableOfType(InvalidCatalogException.class, () -> CatalogReader.read(directory));

        // then
        assertThat(invalid.problems()).extracting(Problem::file).contains("a.yaml", "b/c.yaml", "d.yaml");
        assertThat(invalid.problems()).extracting(Problem::file).doesNotContain("e.yaml");
        assertThat(invalid)
                .hasMessageContaining("a.yaml:4: spec.description: is missing")
                .hasMessageContaining("\n");
    }

    /** A ConfigMap's volume: links to links through a hidden directory, so that all files change at once. */
    @Test
    void readsADirectoryAsKubernetesMountsAConfigMap() throws Exception {
        // given
        write("..2026_01_01_00_00_00.1/one.yaml", profile("one"));
        Files.createSymbolicLink(directory.resolve("..data"), Path.of("..2026_01_01_00_00_00.1"));
        Files.createSymbolicLink(directory.resolve("one.yaml"), Path.of("..data", "one.yaml"));
        write(".hidden.yaml", "not: [ read");
        write(".git/config.yaml", "not: [ read");

        // then
        assertThat(CatalogReader.read(directory).profile("one").orElseThrow().source())
                .isEqualTo("one.yaml");
    }

    @Test
    void readsADirectoryThatIsALink() throws Exception {
        // given
        write("one.yaml", profile("one"));
        Path link = Files.createSymbolicLink(root.resolve("link"), directory);

        // then
        assertThat(CatalogReader.read(link).profile("one")).isPresent();
    }

    @Test
    void skipsCases() throws Exception {
        // given
        write("one.yaml", profile("one"));
        write("cases/bare-pod/pod.yaml", "kind: Pod");
        write("cases/bare-pod/injected.yaml", "kind: Pod");
        write("cases/bare-pod/deeper/other.yaml", "kind: Pod");

        // then
        assertThat(CatalogReader.files(directory)).containsExactly(directory.resolve("one.yaml"));
        assertThat(CatalogReader.read(directory).profile("one")).isPresent();
    }

    @Test
    void readsFilesInTheOrderOfTheirNames() throws Exception {
        // given
        for (String file : List.of("b.yaml", "a/z.yaml", "c.json", "a/b.yml", "a.yaml")) {
            write(file, profile("one"));
        }

        // then
        assertThat(CatalogReader.files(directory))
                .extracting(file -> directory.relativize(file).toString())
                .containsExactly("a/b.yml", "a/z.yaml", "a.yaml", "b.yaml", "c.json");
    }

    @Test
    void rejectsAFileThatIsNotUtf8() throws Exception {
        // given
        Files.write(
                directory.resolve("latin1.yaml"),
                profile("one").replace("One", "Für").getBytes(ISO_8859_1));

        // then
        assertThat(problems()).containsExactly("latin1.yaml:1: is not UTF-8 text");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "# only a comment\n", "---\n---\n", "null\n"})
    void findsNoProfileInAFileWithoutAny(String text) throws Exception {
        // given
        write("empty.yaml", text);

        // then
        assertThat(CatalogReader.read(directory).names())
                .isEqualTo(CatalogReader.builtIn().names());
    }

    @Test
    void readsAFileWithAByteOrderMarkAndWindowsLineBreaks() throws Exception {
        // given
        write("windows.yaml", "\ufeff" + profile("one").replace("\n", "\r\n"));

        // then
        assertThat(CatalogReader.read(directory).profile("one")).isPresent();
    }

    @Test
    void cannotReadAMissingDirectory() {
        assertThatThrownBy(() -> CatalogReader.read(directory.resolve("missing")))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessage(directory.resolve("missing") + ": no such directory");
    }

    @Test
    void cannotReadAFileAsADirectory() throws Exception {
        // given
        write("one.yaml", profile("one"));

        // then
        assertThatThrownBy(() -> CatalogReader.read(directory.resolve("one.yaml")))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageEndingWith("no such directory");
    }

    @Test
    void cannotReadABrokenLink() throws Exception {
        // given
        Files.createSymbolicLink(directory.resolve("one.yaml"), Path.of("gone.yaml"));

        // then
        assertThatThrownBy(() -> CatalogReader.read(directory)).isInstanceOf(IOException.class);
    }

    @Test
    void changesItsGenerationWithItsProfilesOnly() throws Exception {
        // given
        write("one.yaml", profile("one"));
        String before = CatalogReader.read(directory).generation();

        // when
        write("one.yaml", "# a comment\n" + profile("one"));
        String commented = CatalogReader.read(directory).generation();
        write("one.yaml", profile("one").replace("One.", "One more."));
        String changed = CatalogReader.read(directory).generation();

        // then
        assertThat(commented).isEqualTo(before);
        assertThat(changed).isNotEqualTo(before);
    }

    @Test
    void isImmutable() {
        // given
        Catalog catalog = CatalogReader.builtIn();

        // then
        assertThatThrownBy(() -> catalog.profiles().clear()).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> catalog.names().clear()).isInstanceOf(UnsupportedOperationException.class);
    }

    private List<String> problems() throws IOException {
        InvalidCatalogException invalid =
                catchThrowableOfType(InvalidCatalogException.class, () -> CatalogReader.read(directory));
        assertThat(invalid).isNotNull();
        return invalid.problems().stream().map(Problem::toString).toList();
    }

    private void write(String file, String text) throws IOException {
        Path path = directory.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    private static String profile(String name) {
        return """
                apiVersion: pillion.dev/v1alpha1
                kind: InjectionProfile
                metadata: {name: %s}
                spec:
                  description: One.
                """.formatted(name);
    }
}
