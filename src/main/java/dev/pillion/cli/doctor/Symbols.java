package dev.pillion.cli.doctor;

import dev.pillion.cli.doctor.check.Finding.Status;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;

/** The marks of findings. Words replace the characters that only Unicode has. */
enum Symbols {
    UNICODE("✓", "‼", "✗"),
    ASCII("ok  ", "WARN", "FAIL");

    private final String ok;
    private final String warning;
    private final String failed;

    Symbols(String ok, String warning, String failed) {
        this.ok = ok;
        this.warning = warning;
        this.failed = failed;
    }

    /** @param encoding the name of the character set of the output; may be empty */
    static Symbols of(String encoding) {
        try {
            return Charset.forName(encoding).equals(StandardCharsets.UTF_8) ? UNICODE : ASCII;
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            return ASCII;
        }
    }

    String of(Status status) {
        return switch (status) {
            case OK -> ok;
            case WARNING -> warning;
            case FAILED -> failed;
        };
    }

    /** The width of each mark, in characters. */
    int width() {
        return ok.length();
    }
}
