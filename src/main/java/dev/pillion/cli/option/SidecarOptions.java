package dev.pillion.cli.option;

import dev.pillion.cli.manifest.UnusableInputException;
import dev.pillion.injection.settings.KnownSidecars;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** The known third-party sidecars. */
public final class SidecarOptions {

    @Option(
            names = "--third-party-sidecars",
            paramLabel = "ENTRY",
            split = ",",
            defaultValue = "${env:PILLION_THIRD_PARTY_SIDECARS}",
            description =
                    "Change the list of third-party sidecars, as the server's setting does: NAME, NAME=IMAGE or -NAME"
                            + " (default: $PILLION_THIRD_PARTY_SIDECARS).")
    private List<String> entries = new ArrayList<>();

    public KnownSidecars knownSidecars() throws UnusableInputException {
        try {
            return KnownSidecars.builtIn().with(entries);
        } catch (IllegalArgumentException e) {
            throw new UnusableInputException("--third-party-sidecars: " + e.getMessage());
        }
    }
}
