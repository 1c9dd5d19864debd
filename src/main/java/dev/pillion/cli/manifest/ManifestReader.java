package dev.pillion.cli.manifest;

import dev.pillion.cli.terminal.Printable;
import dev.pillion.expression.Nearest;
import dev.pillion.yaml.Document;
import dev.pillion.yaml.YamlException;
import dev.pillion.yaml.YamlReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Reads manifests from files, directories and standard input. */
public final class ManifestReader {

    private static final String STANDARD_INPUT = "-";

    private final InputStream in;
    private final boolean recursive;

    /** @param recursive whether to read subdirectories */
    public ManifestReader(InputStream in, boolean recursive) {
        this.in = in;
        this.recursive = recursive;
    }

    /**
     * All documents, in order.
     *
     * @param names files, directories and {@code -}
     */
    public List<Manifest> read(List<String> names) throws UnusableInputException {
        List<Manifest> manifests = new ArrayList<>();
        UnusableInputs unusable = new UnusableInputs();
        for (String name : names) {
            unusable.collect(() -> read(name, manifests));
        }
        unusable.throwIfAny();
        return manifests;
    }

    /** @throws UnusableInputException with all files that cannot be read */
    private void read(String name, List<Manifest> manifests) throws UnusableInputException {
        int before = manifests.size();
        UnusableInputs unusable = new UnusableInputs();
        if (name.equals(STANDARD_INPUT)) {
            manifests.addAll(manifests(input("stdin", in)));
        } else {
            for (Path file : files(Path.of(name))) {
                unusable.collect(() -> manifests.addAll(read(file)));
            }
        }
        unusable.throwIfAny();
        if (manifests.size() == before) {
            throw new UnusableInputException(name + ": has no manifest");
        }
    }

    /** The manifests of one file. */
    public static List<Manifest> read(Path file) throws UnusableInputException {
        return manifests(input(file));
    }

    /** The documents of one file, which need not be manifests. */
    public static List<Document> documents(Path file) throws UnusableInputException {
        return input(file).documents();
    }

    private static InputText input(Path file) throws UnusableInputException {
        try (InputStream bytes = Files.newInputStream(file)) {
            return input(file.toString(), bytes);
        } catch (AccessDeniedException e) {
            throw new UnusableInputException(SourceLocation.of(file), "cannot be read: permission denied");
        } catch (IOException e) {
            throw new UnusableInputException(SourceLocation.of(file), "cannot be read: " + e.getMessage());
        }
    }

    private static InputText input(String source, InputStream bytes) throws UnusableInputException {
        String text = text(source, bytes);
        try {
            return new InputText(source, text, YamlReader.read(text));
        } catch (YamlException e) {
            throw new UnusableInputException(
                    SourceLocation.of(source, e.line()),
                    "is not YAML: " + Printable.oneLine(String.valueOf(e.getMessage())));
        }
    }

    private static List<Manifest> manifests(InputText input) throws UnusableInputException {
        List<Manifest> manifests = new ArrayList<>();
        UnusableInputs unusable = new UnusableInputs();
        for (int index = 0; index < input.documents().size(); index++) {
            Manifest manifest = new Manifest(input, index);
            unusable.collect(() -> mustBeManifest(manifest));
            manifests.add(manifest);
        }
        unusable.throwIfAny();
        return manifests;
    }

    private static void mustBeManifest(Manifest manifest) throws UnusableInputException {
        if (!manifest.tree().path("kind").isTextual()
                || !manifest.tree().path("apiVersion").isTextual()) {
            throw new UnusableInputException(
                    SourceLocation.of(manifest.source(), manifest.document().line("")),
                    "is not a Kubernetes manifest: it must have an apiVersion and a kind");
        }
    }

    private static String text(String source, InputStream bytes) throws UnusableInputException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.readAllBytes()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new UnusableInputException(SourceLocation.of(source), "is not UTF-8 text");
        } catch (IOException e) {
            throw new UnusableInputException(SourceLocation.of(source), "cannot be read: " + e.getMessage());
        }
    }

    private List<Path> files(Path name) throws UnusableInputException {
        if (!Files.exists(name)) {
            throw new UnusableInputException(name + ": no such file or directory" + nearest(name));
        }
        if (!Files.isDirectory(name)) {
            return List.of(name);
        }
        List<Path> files = FileTree.files(name, recursive ? Integer.MAX_VALUE : 1).stream()
                .filter(ManifestReader::isManifest)
                .toList();
        if (files.isEmpty()) {
            throw new UnusableInputException(
                    name + ": has no .yaml, .yml or .json file" + (recursive ? "" : "; -R reads subdirectories too"));
        }
        return files;
    }

    private static boolean isManifest(Path file) {
        String name = file.getFileName().toString();
        return name.endsWith(".yaml") || name.endsWith(".yml") || name.endsWith(".json");
    }

    /** A hint at a file with a similar name. */
    private static String nearest(Path missing) {
        Path directory = missing.toAbsolutePath().getParent();
        if (directory == null || missing.getFileName() == null || !Files.isDirectory(directory)) {
            return "";
        }
        try (Stream<Path> entries = Files.list(directory)) {
            List<String> names =
                    entries.map(entry -> entry.getFileName().toString()).toList();
            return Nearest.to(missing.getFileName().toString(), names)
                    .map(name -> "; did you mean '" + missing.resolveSibling(name) + "'?")
                    .orElse("");
        } catch (IOException e) {
            return "";
        }
    }
}
