package dev.pillion.certificates;

import java.security.GeneralSecurityException;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertStore;
import java.security.cert.CertificateParsingException;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXCertPathBuilderResult;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.AttributeTypeAndValue;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x500.style.IETFUtils;

/**
 * The certificate authorities of accepted client certificates. Several can be trusted at once, so that one can be replaced. Revocation lists are
 * not read, because that would be I/O on the request path.
 */
public final class ClientAuthorities {

    /** The client's certificate and three intermediates. Any client can send a chain, so its length is limited. */
    private static final int LONGEST_CHAIN = 4;

    private static final int NOT_AN_AUTHORITY = -1;

    /** RFC 5280, section 4.2.1.12. */
    private static final String CLIENT_AUTHENTICATION = "1.3.6.1.5.5.7.3.2";

    private static final String ANY_EXTENDED_KEY_USAGE = "2.5.29.37.0";

    private final List<X509Certificate> certificates;

    private ClientAuthorities(List<X509Certificate> certificates) {
        this.certificates = List.copyOf(certificates);
    }

    /**
     * Reads PEM.
     *
     * @throws InvalidCertificateException if there is no certificate, or one that is no authority
     */
    public static ClientAuthorities parse(String pem) throws InvalidCertificateException {
        List<X509Certificate> certificates = Pem.certificates(pem);
        for (X509Certificate certificate : certificates) {
            if (certificate.getBasicConstraints() == NOT_AN_AUTHORITY) {
                throw new InvalidCertificateException("certificate '" + certificate.getSubjectX500Principal()
                        + "' does not belong to an authority (its basic constraints do not say CA:TRUE); give the certificate of"
                        + " the authority that signs the API server's client certificate");
            }
        }
        return new ClientAuthorities(certificates);
    }

    /** The end of the last authority. After it no client is accepted. */
    public Instant notAfter() {
        return certificates.stream()
                .map(certificate -> certificate.getNotAfter().toInstant())
                .max(Comparator.naturalOrder())
                .orElseThrow();
    }

    /** The names of the authorities, for messages. */
    public List<String> subjects() {
        return certificates.stream()
                .map(certificate -> certificate.getSubjectX500Principal().getName())
                .toList();
    }

    /**
     * Verifies a chain. TLS has already verified that the client has the key of the first certificate.
     *
     * @param chain the client's certificate first, then intermediates in any order
     * @throws UntrustedCertificateException if no authority signed it, or it is not for clients, or it is not valid now
     */
    public ClientIdentity verify(List<X509Certificate> chain, Instant now) throws UntrustedCertificateException {
        if (chain.size() > LONGEST_CHAIN) {
            throw new UntrustedCertificateException(
                    "its chain has " + chain.size() + " certificates, more than " + LONGEST_CHAIN);
        }
        X509Certificate own = chain.getFirst();
        checkUsage(own);
        PKIXCertPathBuilderResult path = path(own, chain, now);
        X509Certificate authority = path.getTrustAnchor().getTrustedCert();
        List<X509Certificate> all = new ArrayList<>(List.of(own, authority));
        path.getCertPath().getCertificates().forEach(certificate -> all.add((X509Certificate) certificate));
        if (authority.getNotAfter().before(Date.from(now))) {
            throw new UntrustedCertificateException("the authority that signed it has expired");
        }
        X500Name subject = X500Name.getInstance(own.getSubjectX500Principal().getEncoded());
        return new ClientIdentity(
                values(subject, BCStyle.CN),
                values(subject, BCStyle.O).stream().collect(Collectors.toSet()),
                all.stream()
                        .map(certificate -> certificate.getNotAfter().toInstant())
                        .min(Comparator.naturalOrder())
                        .orElseThrow());
    }

    private static void checkUsage(X509Certificate own) throws UntrustedCertificateException {
        try {
            List<String> usages = own.getExtendedKeyUsage();
            if (usages != null && !usages.contains(CLIENT_AUTHENTICATION) && !usages.contains(ANY_EXTENDED_KEY_USAGE)) {
                throw new UntrustedCertificateException("it is not for TLS clients (extended key usage clientAuth)");
            }
        } catch (CertificateParsingException e) {
            throw new UntrustedCertificateException("its extended key usage cannot be read");
        }
    }

    private PKIXCertPathBuilderResult path(X509Certificate own, List<X509Certificate> chain, Instant now)
            throws UntrustedCertificateException {
        if (own.getNotAfter().before(Date.from(now))) {
            throw new UntrustedCertificateException("it has expired");
        }
        if (own.getNotBefore().after(Date.from(now))) {
            throw new UntrustedCertificateException("it is not valid yet");
        }
        try {
            X509CertSelector target = new X509CertSelector();
            target.setCertificate(own);
            Set<TrustAnchor> anchors =
                    certificates.stream().map(it -> new TrustAnchor(it, null)).collect(Collectors.toSet());
            PKIXBuilderParameters parameters = new PKIXBuilderParameters(anchors, target);
            parameters.addCertStore(CertStore.getInstance("Collection", new CollectionCertStoreParameters(chain)));
            parameters.setRevocationEnabled(false);
            parameters.setDate(Date.from(now));
            parameters.setMaxPathLength(LONGEST_CHAIN - 1);
            return (PKIXCertPathBuilderResult)
                    CertPathBuilder.getInstance("PKIX").build(parameters);
        } catch (CertPathBuilderException e) {
            throw new UntrustedCertificateException("no trusted authority signed it");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java platform cannot verify certificates", e);
        }
    }

    private static List<String> values(X500Name subject, ASN1ObjectIdentifier type) {
        return Arrays.stream(subject.getRDNs(type))
                .flatMap(names -> Arrays.stream(names.getTypesAndValues()))
                .filter(value -> value.getType().equals(type))
                .map(AttributeTypeAndValue::getValue)
                .map(IETFUtils::valueToString)
                .toList();
    }
}
