package dev.pillion.cli.option;

import dev.pillion.cli.manifest.SourceLocation;
import dev.pillion.cli.manifest.UnusableInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file with a report for other programs. */
public final class ReportFile {

    private ReportFile() {}

    /** Writes the file, and creates its directory if necessary. */
    public static void write(Path file, String content) throws UnusableInputException {
        try {
            Path directory = file.toAbsolutePath().getParent();
            if (directory != null) {
                Files.createDirectories(directory);
            }
            Files.writeString(file, content);
        } catch (IOException e) {
            throw new UnusableInputException(SourceLocation.of(file), "cannot be written: " + e.getMessage());
        }
    }
}
