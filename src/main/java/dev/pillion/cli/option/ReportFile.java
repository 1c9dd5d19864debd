package dev.pillion.cli.option;

import dev.pillion.cli.manifest.Place;
import dev.pillion.cli.manifest.UnusableInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A report for other programs, beside what is printed. */
public final class ReportFile {

    private ReportFile() {}

    /** Its directory is made where it is not there, as {@code target} in a fresh checkout. */
    public static void write(Path file, String content) throws UnusableInputException {
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
