package dev.pillion.cli;

import dev.pillion.injection.KnownSidecars;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** Which containers are third-party sidecars. */
final class SidecarOptions {

    @Option(
            names = "--foreign-sidecars",
            paramLabel = "ENTRY",
            split = ",",
            defaultValue = "${env:PILLION_FOREIGN_SIDECARS}",
            description =
                    "Third-party sidecars beside the built-in list, as the server's setting has them: NAME, NAME=IMAGE"
                            + " or -NAME (default: those of PILLION_FOREIGN_SIDECARS).")
    private List<String> entries = new ArrayList<>();

    KnownSidecars knownSidecars() throws UnusableInputException {
        try {
            return KnownSidecars.builtIn().with(entries);
        } catch (IllegalArgumentException e) {
            throw new UnusableInputException("--foreign-sidecars: " + e.getMessage());
        }
    }
}
