package dev.pillion.server.caller;

import dev.pillion.cluster.ClusterReader.TokenIssuer;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.NumericDate;
import org.jose4j.jwt.consumer.ErrorCodes;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.keys.resolvers.JwksVerificationKeyResolver;
import org.jose4j.lang.JoseException;

/** Verifies ServiceAccount tokens with the public keys of the cluster, without a request to the API server. */
final class TokenVerifier {

    /** The maximum difference between the clocks of two nodes. */
    private static final int CLOCK_SKEW_SECONDS = 10;

    /** The algorithms with which Kubernetes signs (kubernetes/pkg/serviceaccount). Symmetric algorithms must not be among them. */
    private static final String[] ALGORITHMS = {
        AlgorithmIdentifiers.RSA_USING_SHA256,
        AlgorithmIdentifiers.RSA_USING_SHA384,
        AlgorithmIdentifiers.RSA_USING_SHA512,
        AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256,
        AlgorithmIdentifiers.ECDSA_USING_P384_CURVE_AND_SHA384,
        AlgorithmIdentifiers.ECDSA_USING_P521_CURVE_AND_SHA512
    };

    private static final Map<Integer, String> REASONS = Map.of(
            ErrorCodes.EXPIRED, "it has expired",
            ErrorCodes.EXPIRATION_MISSING, "it never expires",
            ErrorCodes.AUDIENCE_INVALID, "it is for another audience",
            ErrorCodes.AUDIENCE_MISSING, "it is for no audience",
            ErrorCodes.ISSUER_INVALID, "another cluster issued it",
            ErrorCodes.ISSUER_MISSING, "it names no issuer",
            ErrorCodes.SIGNATURE_INVALID, "its signature is wrong");

    private final TokenIssuer issuer;
    private final JwksVerificationKeyResolver keys;
    private final String audience;
    private final InstantSource clock;

    /** @param account the user name in Kubernetes, {@code system:serviceaccount:NAMESPACE:NAME} */
    record Token(String account, Instant notAfter) {}

    /** A token that is not accepted. The message says why, and contains no text of the sender. */
    static final class RejectedTokenException extends Exception {

        private static final long serialVersionUID = 1;

        RejectedTokenException(String message) {
            super(message);
        }
    }

    /** @throws JoseException if the keys cannot be parsed */
    TokenVerifier(TokenIssuer issuer, String audience, InstantSource clock) throws JoseException {
        this.issuer = issuer;
        this.keys = new JwksVerificationKeyResolver(new JsonWebKeySet(issuer.keys()).getJsonWebKeys());
        this.audience = audience;
        this.clock = clock;
    }

    Token verify(String token) throws RejectedTokenException {
        // A signed token has three parts. A token with five parts is encrypted. Kubernetes never sends one, and reading
        // it
        // would cost more.
        if (token.chars().filter(character -> character == '.').count() != 2) {
            throw new RejectedTokenException("it is not a signed JSON Web Token");
        }
        try {
            JwtClaims claims = new JwtConsumerBuilder()
                    .setVerificationKeyResolver(keys)
                    .setJwsAlgorithmConstraints(ConstraintType.PERMIT, ALGORITHMS)
                    .setExpectedIssuer(issuer.issuer())
                    .setExpectedAudience(audience)
                    .setRequireExpirationTime()
                    .setRequireSubject()
                    .setAllowedClockSkewInSeconds(CLOCK_SKEW_SECONDS)
                    .setEvaluationTime(NumericDate.fromMilliseconds(clock.millis()))
                    .build()
                    .processToClaims(token);
            return new Token(
                    claims.getSubject(),
                    Instant.ofEpochSecond(claims.getExpirationTime().getValue()));
        } catch (InvalidJwtException e) {
            throw new RejectedTokenException(e.getErrorDetails().stream()
                    .map(error -> REASONS.get(error.getErrorCode()))
                    .filter(Objects::nonNull)
                    .findFirst()
                    .orElse("no key of this cluster signed it"));
        } catch (MalformedClaimException e) {
            throw new RejectedTokenException("its claims cannot be read");
        }
    }

    boolean isOf(TokenIssuer other) {
        return issuer.equals(other);
    }
}
