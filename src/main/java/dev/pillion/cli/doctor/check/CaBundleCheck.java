package dev.pillion.cli.doctor.check;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.certificates.InvalidCertificateException;
import dev.pillion.certificates.Pem;
import dev.pillion.certificates.Validity;
import dev.pillion.cluster.UnreachableClusterException;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** Each webhook's {@code caBundle} contains the authority of the certificate that Pillion presents. */
final class CaBundleCheck implements Check {

    private static final String FIX = "Self-managed: the leader repairs it within seconds; otherwise its log says why."
            + " cert-manager: see cmctl status certificate. Your own: apply your overlay again (certs/README.md)";

    @Override
    public CheckId id() {
        return CheckId.CA_BUNDLE;
    }

    @Override
    public List<Finding> run(Inspection inspection) throws MissingRightException, UnreachableClusterException {
        List<JsonNode> webhooks = InstalledWebhooks.read(inspection).all();
        Findings findings = new Findings(id());
        if (webhooks.isEmpty()) {
            findings.warning("Not checked: there are no webhooks", "See the check webhooks");
            return findings.list();
        }
        List<PresentedChain> chains = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        try {
            chains = PresentedChain.read(inspection, problems);
        } catch (MissingRightException e) {
            findings.unknown(e);
        }
        for (JsonNode webhook : webhooks) {
            check(webhook, chains, inspection.serverTime(), findings);
        }
        if (findings.isEmpty() && chains.isEmpty()) {
            findings.warning(
                    "The webhooks have a caBundle, but no certificate could be read to compare it with"
                            + (problems.isEmpty() ? "" : ": " + problems.getFirst()),
                    "See the check certificate");
        }
        return findings.orOk("The caBundle of all webhooks fits the certificate of "
                + Sentences.list(chains.stream().map(PresentedChain::where).toList()));
    }

    private static void check(JsonNode webhook, List<PresentedChain> chains, Instant now, Findings findings) {
        String name = webhook.path("name").asText();
        String encoded = webhook.path("clientConfig").path("caBundle").asText("");
        if (encoded.isEmpty()) {
            findings.failed("Webhook " + name + " has no caBundle, so the API server does not trust Pillion", FIX);
            return;
        }
        List<X509Certificate> bundle;
        try {
            bundle = Pem.certificates(new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8));
        } catch (InvalidCertificateException | IllegalArgumentException e) {
            findings.failed("The caBundle of webhook " + name + " cannot be read: " + e.getMessage(), FIX);
            return;
        }
        for (PresentedChain chain : chains) {
            Optional<X509Certificate> authority = chain.trustedBy(bundle);
            if (authority.isEmpty()) {
                findings.failed(
                        "The caBundle of webhook " + name + " does not fit the certificate of " + chain.where(), FIX);
            } else if (!Validity.of(authority.get()).holdsAt(now)) {
                findings.failed(
                        "The authority in the caBundle of webhook " + name + " is valid from "
                                + Validity.of(authority.get()).from() + " to "
                                + Validity.of(authority.get()).to(),
                        FIX);
            }
        }
    }
}
