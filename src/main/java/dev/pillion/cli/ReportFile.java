package dev.pillion.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A report for other programs, beside what is printed. */
final class ReportFile {

    private ReportFile() {}

    /** Its directory is made where it is not there, as {@code target} in a fresh checkout. */
    static void write(Path file, String content) throws UnusableInputException {
        try {
            Path directory = file.toAbsolutePath().getParent();
            if (directory != null) {
                Files.createDirectories(directory);
            }
            Files.writeString(file, content);
        } catch (IOException e) {
            throw new UnusableInputException(Place.of(file), "cannot be written: " + e.getMessage());
        }
    }
}
