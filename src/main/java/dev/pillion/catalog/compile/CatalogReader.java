package dev.pillion.catalog.compile;

import dev.pillion.catalog.Catalog;
import dev.pillion.catalog.compile.Sources.CompiledFile;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Reads catalogs: the profiles in the jar, and the profiles and policies of a directory. */
public final class CatalogReader {

    /** A directory with this file is a case of {@code pillion check}. It is not searched for profiles. */
    public static final String CASE_FILE = "pod.yaml";

    /** The source of the built-in profiles ({@link Profile#source()}). */
    public static final String BUILT_IN_SOURCE = "built in";

    private CatalogReader() {}

    /** The built-in profiles. Each is compiled when it is used for the first time. */
    public static Catalog builtIn() {
        return BuiltInProfiles.CATALOG;
    }

    /**
     * The built-in profiles, and the profiles and policies of a directory. Its profiles replace built-in ones of the same name.
     *
     * @param directory searched with its subdirectories for {@code .yaml}, {@code .yml} and {@code .json}; hidden files, as
     *     Kubernetes makes them in a mounted ConfigMap, and the cases of {@code pillion check} are skipped
     * @throws InvalidCatalogException with all problems of the files
     * @throws IOException if the directory or a file in it cannot be read
     */
    public static Catalog read(Path directory) throws IOException, InvalidCatalogException {
        Sources sources = new Sources(builtIn());
        List<Supplier<CompiledFile>> compilers = new ArrayList<>();
        for (Path file : files(directory)) {
            compilers.add(compiler(file, directory.relativize(file).toString()));
        }
        // The start of a server waits for this.
        compilers.parallelStream().map(Supplier::get).toList().forEach(sources::add);
        return sources.catalog();
    }

    /**
     * A text with profiles and policies.
     *
     * @param file its name in problems
     */
    public record CatalogText(String file, String text) {}

    /**
     * The profiles of another catalog, and the profiles and policies of texts. A profile replaces that of the other catalog with the same name. The
     * result does not have the other catalog's policies.
     *
     * @throws InvalidCatalogException with all problems of the texts
     */
    public static Catalog read(List<CatalogText> texts, Catalog below) throws InvalidCatalogException {
        Sources sources = new Sources(below);
        texts.forEach(text -> sources.add(
                text.text().length() > ResourceLimits.LENGTH
                        ? unreadable(text.file(), tooLong(text.text().length())).get()
                        : CompiledFile.of(text.file(), text.text())));
        return sources.catalog();
    }

    /** The files of a directory that {@link #read(Path)} reads, in the order of their names. */
    public static List<Path> files(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            throw new NoSuchFileException(directory.toString(), null, "no such directory");
        }
        List<Path> files = new ArrayList<>();
        try (Stream<Path> entries = Files.list(directory)) {
            for (Path entry : entries.sorted().toList()) {
                String name = entry.getFileName().toString();
                if (name.startsWith(".")) {
                    continue;
                }
                if (Files.isDirectory(entry)) {
                    if (!Files.exists(entry.resolve(CASE_FILE))) {
                        files.addAll(files(entry));
                    }
                } else if (name.endsWith(".yaml") || name.endsWith(".yml") || name.endsWith(".json")) {
                    files.add(entry);
                }
            }
        }
        return files;
    }

    /** Reads a file now, and compiles it later. */
    private static Supplier<CompiledFile> compiler(Path file, String name) throws IOException {
        long size = Files.size(file);
        if (size > ResourceLimits.LENGTH) {
            return unreadable(name, tooLong(size));
        }
        try {
            String text = Files.readString(file);
            return () -> CompiledFile.of(name, text);
        } catch (MalformedInputException e) {
            return unreadable(name, "is not UTF-8 text");
        }
    }

    private static String tooLong(long size) {
        return "has " + size + " bytes; at most " + ResourceLimits.LENGTH + " are allowed";
    }

    private static Supplier<CompiledFile> unreadable(String name, String problem) {
        return () -> new CompiledFile(name, List.of(), Optional.of(new Problem(name, 1, "", problem)));
    }
}
