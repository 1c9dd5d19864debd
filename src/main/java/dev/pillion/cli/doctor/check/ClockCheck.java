package dev.pillion.cli.doctor.check;

import dev.pillion.cluster.UnreachableClusterException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The clocks of this machine and of the API server show the same time. The check {@code certificate} uses the API server's clock. */
final class ClockCheck implements Check {

    /** More than the delay of a slow response, and less than what makes tokens and certificates fail. */
    private static final Duration TOLERATED = Duration.ofSeconds(30);

    @Override
    public CheckId id() {
        return CheckId.CLOCK;
    }

    @Override
    public List<Finding> run(Inspection inspection) throws MissingRightException, UnreachableClusterException {
        Optional<Duration> ahead = inspection.serverAhead();
        Findings findings = new Findings(id());
        if (ahead.isEmpty()) {
            findings.warning(
                    "Not checked: the response of the API server has no Date header",
                    "Compare the clocks of the control plane and of this machine");
        } else if (ahead.get().abs().compareTo(TOLERATED) > 0) {
            findings.warning(
                    "The clock of the API server is " + ahead.get().abs().toSeconds() + " s "
                            + (ahead.get().isNegative() ? "behind" : "ahead of") + " the clock of this machine",
                    "Synchronize both clocks by NTP. A certificate is valid or expired by the clock of the API server");
        }
        return findings.orOk(
                "The clocks of the API server and of this machine differ by at most " + TOLERATED.toSeconds() + " s");
    }
}
