package dev.pillion.certificates;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Creates certificates (RFC 5280) with P-256 keys. */
final class CertificateForm {

    private CertificateForm() {}

    static KeyPair newKeyPair() {
        try {
            KeyPairGenerator keys = KeyPairGenerator.getInstance("EC");
            keys.initialize(new ECGenParameterSpec("secp256r1"));
            return keys.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw impossible(e);
        }
    }

    /** Creates the certificate of an authority that signs server certificates and no further authorities. */
    static X509Certificate authority(X500Name name, KeyPair pair, Validity validity) {
        try {
            JcaX509ExtensionUtils identifiers = new JcaX509ExtensionUtils();
            return signed(
                    builder(name, name, pair.getPublic(), validity)
                            .addExtension(Extension.basicConstraints, true, new BasicConstraints(0))
                            .addExtension(
                                    Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign))
                            .addExtension(
                                    Extension.subjectKeyIdentifier,
                                    false,
                                    identifiers.createSubjectKeyIdentifier(pair.getPublic())),
                    pair.getPrivate());
        } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
            throw impossible(e);
        }
    }

    /** @param names DNS names and IP addresses */
    static X509Certificate server(
            X500Name issuer,
            PublicKey issuerKey,
            PrivateKey signer,
            PublicKey key,
            List<String> names,
            Validity validity) {
        try {
            JcaX509ExtensionUtils identifiers = new JcaX509ExtensionUtils();
            return signed(
                    builder(issuer, new X500Name("CN=pillion"), key, validity)
                            .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
                            .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
                            .addExtension(
                                    Extension.extendedKeyUsage,
                                    false,
                                    new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth))
                            .addExtension(Extension.subjectAlternativeName, false, alternatives(names))
                            .addExtension(
                                    Extension.subjectKeyIdentifier, false, identifiers.createSubjectKeyIdentifier(key))
                            .addExtension(
                                    Extension.authorityKeyIdentifier,
                                    false,
                                    identifiers.createAuthorityKeyIdentifier(issuerKey)),
                    signer);
        } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
            throw impossible(e);
        }
    }

    private static JcaX509v3CertificateBuilder builder(
            X500Name issuer, X500Name subject, PublicKey key, Validity validity) {
        return new JcaX509v3CertificateBuilder(
                issuer,
                new BigInteger(159, new SecureRandom()),
                Date.from(validity.from()),
                Date.from(validity.to()),
                subject,
                key);
    }

    private static X509Certificate signed(X509v3CertificateBuilder builder, PrivateKey key)
            throws GeneralSecurityException, OperatorCreationException {
        return new JcaX509CertificateConverter()
                .getCertificate(builder.build(new JcaContentSignerBuilder(signatureBy(key)).build(key)));
    }

    private static GeneralNames alternatives(List<String> names) {
        return new GeneralNames(names.stream()
                .map(name ->
                        new GeneralName(ServerName.isAddress(name) ? GeneralName.iPAddress : GeneralName.dNSName, name))
                .toArray(GeneralName[]::new));
    }

    /** The signature algorithm for a key. Authorities of users can have RSA keys. */
    static String signatureBy(PrivateKey key) {
        return switch (key.getAlgorithm()) {
            case "EC", "ECDSA" -> "SHA256withECDSA";
            case "RSA" -> "SHA256withRSA";
            default -> key.getAlgorithm();
        };
    }

    private static IllegalStateException impossible(Exception e) {
        return new IllegalStateException("this Java platform cannot make a P-256 certificate", e);
    }
}
