package dev.pillion.cli.doctor.check;

import dev.pillion.certificates.Validity;
import dev.pillion.cluster.UnreachableClusterException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** The certificate that Pillion presents is valid by the clock of the API server, and is for the name of the Service. */
final class CertificateCheck implements Check {

    /** As the alert PillionCertificateExpiring. */
    private static final Duration SOON = Duration.ofDays(14);

    /** The value for DNS names, RFC 5280 section 4.2.1.6. */
    private static final Integer DNS_NAME = 2;

    private static final String RENEW = "Renew it: docs/operations.md#pillioncertificateexpiring";

    @Override
    public CheckId id() {
        return CheckId.CERTIFICATE;
    }

    @Override
    public List<Finding> run(Inspection inspection) throws MissingRightException, UnreachableClusterException {
        Findings findings = new Findings(id());
        List<String> problems = new ArrayList<>();
        List<PresentedChain> chains = PresentedChain.read(inspection, problems);
        Instant now = inspection.serverTime();
        String name = Inspection.PILLION + "." + inspection.namespace() + ".svc";
        for (PresentedChain chain : chains) {
            checkTime(chain, now, findings);
            if (!names(chain.leaf()).contains(name)) {
                findings.failed(
                        "The certificate of " + chain.where() + " is not for " + name
                                + ", the name by which the API server calls Pillion",
                        "Create a certificate with the subject alternative name " + name + ": certs/README.md");
            }
        }
        problems.forEach(problem -> findings.warning("Not checked: " + problem, "Check that the replicas are ready"));
        if (chains.isEmpty() && problems.isEmpty()) {
            findings.failed(
                    "There is no certificate: no replica runs, and the Secret does not exist",
                    "Make a replica ready: docs/operations.md#pilliondown");
        }
        return findings.orOk("The certificate is valid until " + end(chains) + " ("
                + Sentences.list(chains.stream().map(PresentedChain::where).toList()) + ")");
    }

    private static void checkTime(PresentedChain chain, Instant now, Findings findings) {
        Validity validity = Validity.of(chain.leaf());
        String which = "The certificate of " + chain.where();
        if (now.isBefore(validity.from())) {
            findings.failed(
                    which + " is not valid before " + validity.from() + ". The API server's clock shows " + now,
                    "Synchronize the clocks by NTP, or create a new certificate: certs/README.md");
        } else if (!validity.holdsAt(now)) {
            findings.failed(
                    which + " expired at " + validity.to() + ", so the API server does not call Pillion", RENEW);
        } else if (now.isAfter(validity.to().minus(SOON)) && now.isAfter(validity.due())) {
            findings.warning(which + " expires at " + validity.to() + " and was not renewed in time", RENEW);
        }
    }

    private static Instant end(List<PresentedChain> chains) {
        return chains.stream()
                .map(chain -> Validity.of(chain.leaf()).to())
                .min(Instant::compareTo)
                .orElse(Instant.MIN);
    }

    private static List<String> names(X509Certificate certificate) {
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            return names == null
                    ? List.of()
                    : names.stream()
                            .filter(name -> DNS_NAME.equals(name.getFirst()))
                            .map(name -> String.valueOf(name.get(1)))
                            .toList();
        } catch (CertificateParsingException e) {
            return List.of();
        }
    }
}
