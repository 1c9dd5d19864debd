package dev.pillion.catalog.compile;

import dev.pillion.catalog.Catalog;
import dev.pillion.catalog.LazyProfiles;
import dev.pillion.catalog.Profile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Reads catalogs: the profiles in the jar, and the profiles and policies of a directory. */
public final class CatalogReader {

    /** A directory with this file is a case of {@code pillion check}. It is not searched for profiles. */
    public static final String CASE_FILE = "pod.yaml";

    /** The source of the built-in profiles ({@link Profile#source()}). */
    public static final String BUILT_IN_SOURCE = "built in";

    private static final List<String> BUILT_IN = List.of(
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

    private CatalogReader() {}

    /** The built-in profiles. Each is compiled when it is used for the first time. */
    public static Catalog builtIn() {
        return Holder.BUILT_IN;
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
        for (Path file : files(directory)) {
            String name = directory.relativize(file).toString();
            sources.add(name, text(file, name, sources.problems()));
        }
        return sources.catalog();
    }

    /** The files of a directory that {@link #read} reads, in the order of their names. */
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

    private static String text(Path file, String name, List<Problem> problems) throws IOException {
        long size = Files.size(file);
        if (size > ResourceLimits.LENGTH) {
            problems.add(new Problem(
                    name, 1, "", "has " + size + " bytes; at most " + ResourceLimits.LENGTH + " are allowed"));
            return "";
        }
        try {
            return Files.readString(file);
        } catch (MalformedInputException e) {
            problems.add(new Problem(name, 1, "", "is not UTF-8 text"));
            return "";
        }
    }

    private static final class Holder {

        static final Catalog BUILT_IN = read();

        private static Catalog read() {
            Map<String, Supplier<Profile>> compilers = new HashMap<>();
            CatalogReader.BUILT_IN.forEach(name -> compilers.put(name, () -> compile(name)));
            return new Catalog(LazyProfiles.of(compilers), List.of());
        }

        private static Profile compile(String name) {
            Sources sources = new Sources();
            sources.add(BUILT_IN_SOURCE, resource(name + ".yaml"));
            try {
                return sources.catalog().profile(name).orElseThrow();
            } catch (InvalidCatalogException e) {
                throw new IllegalStateException("the built-in profile " + name + " does not compile", e);
            }
        }

        private static String resource(String name) {
            try (InputStream file = CatalogReader.class.getResourceAsStream("/profiles/" + name)) {
                return new String(java.util.Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
