package dev.pillion.cli.option;

import dev.pillion.cli.manifest.Manifest;
import dev.pillion.cli.manifest.ManifestReader;
import dev.pillion.cli.manifest.UnusableInputException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The manifests to read. */
public final class InputOptions {

    private final InputStream in;

    @Option(
            names = {"-f", "--filename"},
            paramLabel = "FILE|DIR|-",
            description = "A file or directory of manifests, or - for standard input. May be repeated.")
    private List<String> names = new ArrayList<>();

    @Parameters(paramLabel = "FILE", arity = "0..*", description = "The same as -f FILE.")
    private List<String> more = new ArrayList<>();

    @Option(
            names = {"-R", "--recursive"},
            description = "Read subdirectories too.")
    private boolean recursive;

    public InputOptions(InputStream in) {
        this.in = in;
    }

    public boolean isEmpty() {
        return names.isEmpty() && more.isEmpty();
    }

    /** The positional arguments. */
    public List<String> arguments() {
        return more;
    }

    /** Whether {@code -f} is given. */
    public boolean hasFiles() {
        return !names.isEmpty();
    }

    public List<Manifest> read() throws UnusableInputException {
        List<String> all = new ArrayList<>(names);
        all.addAll(more);
        if (all.isEmpty()) {
            throw new UnusableInputException("nothing to read: give -f FILE, -f DIR, or -f - for standard input");
        }
        return new ManifestReader(in, recursive).read(all);
    }
}
