package dev.pillion.cli.manifest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Finds files below a directory. */
public final class FileTree {

    private FileTree() {}

    /**
     * The files, in the order of their names. Links are followed. Hidden files are left out: Kubernetes keeps a second, hidden copy of every
     * file in a mounted ConfigMap.
     */
    public static List<Path> files(Path directory, int depth) throws UnusableInputException {
        try (Stream<Path> below = Files.walk(directory, depth, FileVisitOption.FOLLOW_LINKS)) {
            return below.filter(Files::isRegularFile)
                    .filter(file -> !isHidden(directory.relativize(file)))
                    .sorted()
                    .toList();
        } catch (IOException | UncheckedIOException e) {
            throw new UnusableInputException(directory + ": cannot be read: " + e.getMessage());
        }
    }

    private static boolean isHidden(Path path) {
        return StreamSupport.stream(path.spliterator(), false)
                .anyMatch(step -> step.toString().startsWith("."));
    }
}
