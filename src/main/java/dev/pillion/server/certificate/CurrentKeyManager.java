package dev.pillion.server.certificate;

import dev.pillion.certificates.ServerCertificate;
import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Gives each TLS handshake the current certificate, so a renewal applies from the next handshake on. Updating the server's TLS options, as Vert.x
 * offers, would drop the connections that arrive meanwhile.
 */
final class CurrentKeyManager extends X509ExtendedKeyManager {

    private final CurrentCertificate certificate;

    CurrentKeyManager(CurrentCertificate certificate) {
        this.certificate = certificate;
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        ServerCertificate current = certificate.get();
        return current.key().getAlgorithm().equals(keyType) ? alias(current) : null;
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return chooseEngineServerAlias(keyType, issuers, null);
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
        return byAlias(alias)
                .map(found -> found.chain().toArray(X509Certificate[]::new))
                .orElse(null);
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
        return byAlias(alias).map(ServerCertificate::key).orElse(null);
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        String alias = chooseEngineServerAlias(keyType, issuers, null);
        return alias == null ? null : new String[] {alias};
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
    }

    /** A handshake calls this class three times. A renewal in between must not give it the key of another certificate. */
    private Optional<ServerCertificate> byAlias(String alias) {
        ServerCertificate current = certificate.get();
        return alias(current).equals(alias)
                ? Optional.of(current)
                : certificate.previous().filter(previous -> alias(previous).equals(alias));
    }

    /** Unique for each certificate and key: two certificates may have the same serial number. */
    private static String alias(ServerCertificate certificate) {
        return certificate.chain().getFirst().getSerialNumber().toString(16) + "-"
                + Integer.toHexString(certificate.certificatePem().hashCode())
                + Integer.toHexString(certificate.keyPem().hashCode());
    }
}
