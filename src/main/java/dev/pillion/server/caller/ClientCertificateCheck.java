package dev.pillion.server.caller;

import dev.pillion.certificates.ClientAuthorities;
import dev.pillion.certificates.ClientIdentity;
import dev.pillion.certificates.UntrustedCertificateException;
import dev.pillion.expression.Excerpt;
import dev.pillion.server.http.HttpsTls;
import io.vertx.core.http.HttpServerRequest;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/**
 * Accepts callers with a client certificate that an accepted authority signed. The handshake has proved that the caller has the key. The handshake accepts
 * every certificate ({@link HttpsTls}), so that an unknown caller gets the reason for its refusal, and so that new authorities apply to open connections.
 * The result is stored in the TLS session until the authorities change or the certificate expires.
 */
public final class ClientCertificateCheck implements CredentialCheck {

    private static final String VERIFIED = "pillion.verified-until";

    private final Supplier<ClientAuthorities> authorities;
    private final Subjects subjects;
    private final CredentialExpiry expiry;
    private final InstantSource clock;

    /**
     * Which certificates of the authorities are accepted.
     *
     * @param names common names; with neither these nor groups, every certificate is accepted
     * @param groups organizations, one of which is enough
     */
    record Subjects(Set<String> names, Set<String> groups) {

        Subjects {
            names = Set.copyOf(names);
            groups = Set.copyOf(groups);
        }

        boolean accept(ClientIdentity identity) {
            return (names.isEmpty() && groups.isEmpty())
                    || (identity.names().size() == 1
                            && names.contains(identity.names().getFirst()))
                    || identity.groups().stream().anyMatch(groups::contains);
        }
    }

    /** The result in a TLS session. A resumed session also has it, which is correct because it has the same certificate. */
    private record Verified(ClientAuthorities by, long untilMillis) {}

    ClientCertificateCheck(
            Supplier<ClientAuthorities> authorities, Subjects subjects, CredentialExpiry expiry, InstantSource clock) {
        this.authorities = authorities;
        this.subjects = subjects;
        this.expiry = expiry;
        this.clock = clock;
    }

    @Override
    public Finding check(HttpServerRequest request) {
        SSLSession session = request.sslSession();
        ClientAuthorities current = authorities.get();
        if (session.getValue(VERIFIED) instanceof Verified(ClientAuthorities by, long untilMillis)
                && by == current
                && clock.millis() < untilMillis) {
            return new Accepted();
        }
        try {
            return verify(session, current);
        } catch (SSLPeerUnverifiedException e) {
            return new Missing("client certificate");
        }
    }

    private Finding verify(SSLSession session, ClientAuthorities current) throws SSLPeerUnverifiedException {
        List<X509Certificate> chain = Stream.of(session.getPeerCertificates())
                .map(ClientCertificateCheck::x509)
                .toList();
        try {
            ClientIdentity identity = current.verify(chain, clock.instant());
            if (!subjects.accept(identity)) {
                return new Rejected(
                        "not-allowed",
                        "its client certificate is for " + described(identity)
                                + ", which is in neither pillion.clients.names nor pillion.clients.groups");
            }
            expiry.accepted(identity.notAfter());
            session.putValue(VERIFIED, new Verified(current, identity.notAfter().toEpochMilli()));
            return new Accepted();
        } catch (UntrustedCertificateException e) {
            return new Rejected("not-trusted", "its client certificate is not trusted: " + e.getMessage());
        }
    }

    private static X509Certificate x509(Certificate certificate) {
        return (X509Certificate) certificate;
    }

    /** Escaped: the operator trusts the authority, but the subject of a certificate may come from somebody else. */
    private static String described(ClientIdentity identity) {
        return Excerpt.visible(Excerpt.of("CN=" + String.join(",CN=", identity.names()) + " O="
                + String.join(",O=", identity.groups().stream().sorted().toList())));
    }
}
