package dev.pillion.server.caller;

import dev.pillion.expression.Excerpt;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.vertx.core.http.HttpServerRequest;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * Accepts callers with a token of a configured ServiceAccount. A caller sends the same token with each request, so the result is stored in the TLS
 * session until the keys change or the token expires.
 */
final class TokenCheck implements CredentialCheck {

    private static final String VERIFIED = "pillion.verified-token";
    private static final String NO_KEYS = "the cluster's keys for tokens are not known yet";
    private static final String SCHEME = "Bearer ";

    private final Supplier<Optional<TokenVerifier>> verifier;
    private final Set<String> accounts;
    private final CredentialExpiry expiry;
    private final InstantSource clock;

    /** The result in a TLS session. The header is compared only with an earlier one of the same session, so timing reveals no token of another caller. */
    private record Verified(TokenVerifier by, String header, long untilMillis) {}

    /** @param accounts as {@code system:serviceaccount:NAMESPACE:NAME} */
    TokenCheck(
            Supplier<Optional<TokenVerifier>> verifier,
            Set<String> accounts,
            CredentialExpiry expiry,
            InstantSource clock) {
        this.expiry = expiry;
        this.verifier = verifier;
        this.accounts = Set.copyOf(accounts);
        this.clock = clock;
    }

    @Override
    public Finding check(HttpServerRequest request) {
        @Nullable String header = request.getHeader(HttpHeaderNames.AUTHORIZATION);
        if (header == null || !header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return new Missing("ServiceAccount token");
        }
        Optional<TokenVerifier> current = verifier.get();
        if (current.isEmpty()) {
            return new Rejected("no-keys", NO_KEYS);
        }
        SSLSession session = request.sslSession();
        if (session.getValue(VERIFIED) instanceof Verified(TokenVerifier by, String known, long untilMillis)
                && by == current.get()
                && clock.millis() < untilMillis
                && known.equals(header)) {
            return new Accepted();
        }
        return verify(session, header, current.get());
    }

    @Override
    public Optional<String> missing() {
        return verifier.get().isPresent() ? Optional.empty() : Optional.of(NO_KEYS);
    }

    private Finding verify(SSLSession session, String header, TokenVerifier current) {
        try {
            TokenVerifier.Token token =
                    current.verify(header.substring(SCHEME.length()).strip());
            if (!accounts.contains(token.account())) {
                return new Rejected(
                        "not-allowed",
                        "its token is for " + Excerpt.visible(Excerpt.of(token.account()))
                                + ", which is not in pillion.clients.service-accounts");
            }
            expiry.accepted(token.notAfter());
            session.putValue(
                    VERIFIED, new Verified(current, header, token.notAfter().toEpochMilli()));
            return new Accepted();
        } catch (TokenVerifier.RejectedTokenException e) {
            return new Rejected("not-trusted", "its token is not accepted: " + e.getMessage());
        }
    }
}
