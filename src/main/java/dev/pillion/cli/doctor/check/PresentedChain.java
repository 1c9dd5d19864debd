package dev.pillion.cli.doctor.check;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.certificates.InvalidCertificateException;
import dev.pillion.certificates.Pem;
import dev.pillion.cluster.UnreachableClusterException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * A certificate of Pillion with its chain.
 *
 * @param where for sentences, such as {@code Pod pillion-5f7-abcde}
 * @param chain the server's certificate first
 */
record PresentedChain(String where, List<X509Certificate> chain) {

    private static final Permission FORWARD = new Permission("create", "", "pods/portforward", "", "");

    /**
     * Reads the certificates that the replicas present, and the one in the Secret.
     *
     * @param problems gets what could not be read
     * @return empty if there is neither a replica nor a Secret
     * @throws MissingRightException if the caller may read neither
     */
    static List<PresentedChain> read(Inspection inspection, List<String> problems)
            throws MissingRightException, UnreachableClusterException {
        List<PresentedChain> chains = new ArrayList<>();
        Optional<MissingRightException> noPods = addPods(inspection, chains, problems);
        Optional<MissingRightException> noSecret = addSecret(inspection, chains, problems);
        if (noPods.isPresent() && noSecret.isPresent()) {
            throw new MissingRightException(
                    noPods.get().right() + ", or to " + noSecret.get().right());
        }
        return chains;
    }

    private static Optional<MissingRightException> addPods(
            Inspection inspection, List<PresentedChain> chains, List<String> problems)
            throws UnreachableClusterException {
        try {
            Permission forward = FORWARD.in(inspection.namespace());
            if (!new AccessReviews(inspection).callerMay(forward)) {
                return Optional.of(new MissingRightException(forward.toString()));
            }
            for (JsonNode pod : inspection.pods()) {
                if (PillionWorkload.isRunning(pod)) {
                    addPod(inspection, PillionWorkload.name(pod), chains, problems);
                }
            }
            return Optional.empty();
        } catch (MissingRightException e) {
            return Optional.of(e);
        }
    }

    private static void addPod(Inspection inspection, String pod, List<PresentedChain> chains, List<String> problems) {
        try {
            chains.add(new PresentedChain("Pod " + pod, inspection.servedBy(pod)));
        } catch (UnreachableClusterException e) {
            problems.add(String.valueOf(e.getMessage()));
        }
    }

    private static Optional<MissingRightException> addSecret(
            Inspection inspection, List<PresentedChain> chains, List<String> problems)
            throws UnreachableClusterException {
        try {
            String name = inspection
                    .deployment()
                    .map(PillionWorkload::certificateSecret)
                    .orElse("pillion-certificate");
            Optional<JsonNode> secret = inspection.object(Resource.SECRET, name);
            if (secret.isPresent()) {
                String pem = new String(
                        Base64.getDecoder()
                                .decode(secret.get()
                                        .path("data")
                                        .path("tls.crt")
                                        .asText()),
                        StandardCharsets.UTF_8);
                chains.add(new PresentedChain("Secret " + name, Pem.certificates(pem)));
            }
            return Optional.empty();
        } catch (MissingRightException e) {
            return Optional.of(e);
        } catch (InvalidCertificateException | IllegalArgumentException e) {
            problems.add("tls.crt of the Secret with the certificate cannot be read: " + e.getMessage());
            return Optional.empty();
        }
    }

    X509Certificate leaf() {
        return chain.getFirst();
    }

    /** The authority of a bundle with which the API server verifies this chain; empty if there is none. */
    Optional<X509Certificate> trustedBy(Collection<X509Certificate> bundle) {
        return trusted(leaf(), bundle, chain.size());
    }

    /** @param steps how many more certificates of the chain may follow */
    private Optional<X509Certificate> trusted(
            X509Certificate certificate, Collection<X509Certificate> bundle, int steps) {
        Optional<X509Certificate> authority = bundle.stream()
                .filter(each -> each.equals(certificate) || isSigned(certificate, each))
                .findFirst();
        if (authority.isPresent() || steps == 0) {
            return authority;
        }
        return chain.stream()
                .filter(each -> !each.equals(certificate) && isSigned(certificate, each))
                .flatMap(each -> trusted(each, bundle, steps - 1).stream())
                .findFirst();
    }

    private static boolean isSigned(X509Certificate certificate, X509Certificate authority) {
        if (!certificate.getIssuerX500Principal().equals(authority.getSubjectX500Principal())) {
            return false;
        }
        try {
            certificate.verify(authority.getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
