package dev.pillion.server.caller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pillion.cluster.ClusterReader;
import dev.pillion.cluster.StubApiServer;
import dev.pillion.server.cluster.ClusterConnection;
import dev.pillion.server.configuration.InvalidConfigurationException;
import dev.pillion.server.review.GuardedServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.RsaJsonWebKey;
import org.jose4j.jwk.RsaJwkGenerator;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.jose4j.keys.HmacKey;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Authentication of callers by ServiceAccount tokens, as {@code kubectl create token} creates them. */
class TokenCallersTest {

    private static final String ISSUER = "https://kubernetes.default.svc";
    private static final String CALLER = "system:serviceaccount:kube-system:pillion-caller";
    private static final RsaJsonWebKey KEY = key("first");

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final GuardedServer server = new GuardedServer(meters);
    private final AtomicReference<Instant> clock = new AtomicReference<>(Instant.now());
    private final StubApiServer cluster = new StubApiServer();
    private final ClusterReader reader = new ClusterReader(cluster.cluster(), "test");
    private final CurrentTokenVerifier verifier = new CurrentTokenVerifier(reader::tokenIssuer, "pillion", clock::get);
    private final AuthenticatedCallers callers = new AuthenticatedCallers(
            List.of(new TokenCheck(verifier, Set.of(CALLER), new CredentialExpiry(meters, clock::get), clock::get)),
            meters);

    private int port;

    TokenCallersTest() throws Exception {}

    @BeforeEach
    void start() throws Exception {
        publish(KEY);
        verifier.refresh();
        port = server.start(GuardedServer.config(Map.of()), callers);
    }

    @AfterEach
    void stop() {
        server.close();
        reader.close();
        cluster.close();
    }

    @Test
    void areAcceptedWithATokenOfAnAllowedServiceAccount() throws Exception {
        assertThat(send(token(KEY, claims())).statusCode()).isEqualTo(200);
        assertThat(meters.get("pillion.unauthenticated.requests").counter().count())
                .isZero();
    }

    @Test
    void areRefusedWithoutAToken() throws Exception {
        HttpResponse<String> answer = GuardedServer.post(port, Optional.empty());

        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(answer.body()).contains("it presented no ServiceAccount token");
        assertThat(server.decisions()).isZero();
    }

    @Test
    void areRefusedWithATokenOfAnotherServiceAccount() throws Exception {
        JwtClaims claims = claims();
        claims.setSubject("system:serviceaccount:shop:default");

        assertRefused(
                token(KEY, claims),
                "its token is for system:serviceaccount:shop:default, which is not in pillion.clients.service-accounts");
    }

    /** Every Pod has a token of its ServiceAccount for the API server. */
    @Test
    void areRefusedWithATokenForTheApiServer() throws Exception {
        JwtClaims claims = claims();
        claims.setAudience(ISSUER);

        assertRefused(token(KEY, claims), "its token is not accepted: it is for another audience");
    }

    @Test
    void areRefusedWithATokenOfAnotherCluster() throws Exception {
        JwtClaims claims = claims();
        claims.setIssuer("https://other");

        assertRefused(token(KEY, claims), "its token is not accepted: another cluster issued it");
        assertRefused(token(key("first"), claims()), "its token is not accepted: its signature is wrong");
        assertRefused(token(key("unknown"), claims()), "its token is not accepted: no key of this cluster signed it");
    }

    @Test
    void areRefusedWithATokenThatExpiredOrNeverExpires() throws Exception {
        JwtClaims ended = claims();
        ended.setExpirationTime(
                NumericDate.fromSeconds(Instant.now().minusSeconds(60).getEpochSecond()));
        JwtClaims endless = claims();
        endless.unsetClaim("exp");

        assertRefused(token(KEY, ended), "its token is not accepted: it has expired");
        assertRefused(token(KEY, endless), "its token is not accepted: it never expires");
    }

    /** A library that trusts the algorithm in the token's header accepts such tokens. */
    @Test
    void areRefusedWithAnUnsignedTokenOrOneSignedWithThePublicKey() throws Exception {
        String payload = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(claims().toJson().getBytes(StandardCharsets.UTF_8));
        String none = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString("{\"alg\":\"none\"}".getBytes(StandardCharsets.UTF_8));
        JsonWebSignature symmetric = new JsonWebSignature();
        symmetric.setPayload(claims().toJson());
        symmetric.setKeyIdHeaderValue("first");
        symmetric.setAlgorithmHeaderValue(AlgorithmIdentifiers.HMAC_SHA256);
        symmetric.setKey(new HmacKey(KEY.getPublicKey().getEncoded()));

        assertRefused(none + "." + payload + ".", "its token is not accepted: no key of this cluster signed it");
        assertRefused(
                symmetric.getCompactSerialization(), "its token is not accepted: no key of this cluster signed it");
        assertRefused("x.y.z.x.y", "its token is not accepted: it is not a signed JSON Web Token");
        assertRefused("x".repeat(4000), "its token is not accepted: it is not a signed JSON Web Token");
    }

    @Test
    void areRefusedOnAnOpenConnectionWhenTheirTokenExpires() throws Exception {
        String token = token(KEY, claims());
        try (HttpClient client = GuardedServer.client(Optional.empty())) {
            assertThat(post(port, client, token).statusCode()).isEqualTo(200);

            clock.set(clock.get().plus(Duration.ofHours(2)));

            assertThat(post(port, client, token).body()).contains("its token is not accepted: it has expired");
        }
    }

    @Test
    void areRefusedWithAnotherTokenOnAConnectionOfAnAcceptedToken() throws Exception {
        try (HttpClient client = GuardedServer.client(Optional.empty())) {
            assertThat(post(port, client, token(KEY, claims())).statusCode()).isEqualTo(200);

            assertThat(post(port, client, token(key("first"), claims())).statusCode())
                    .isEqualTo(403);
        }
    }

    @Test
    void areVerifiedByNewKeysAndByTheLastOnesWhileTheClusterIsUnavailable() throws Exception {
        RsaJsonWebKey next = key("next");
        String old = token(KEY, claims());
        String renewed = token(next, claims());
        assertThat(send(renewed).statusCode()).isEqualTo(403);

        publish(KEY, next);
        verifier.refresh();
        cluster.on("/openid/v1/jwks", 500, "{}");
        verifier.refresh();

        assertThat(send(renewed).statusCode()).isEqualTo(200);
        assertThat(send(old).statusCode()).isEqualTo(200);

        publish(next);
        verifier.refresh();
        assertThat(send(old).statusCode()).isEqualTo(403);
    }

    /** Otherwise a server that is ready would refuse the API server. */
    @Test
    void keepTheServerFromBeingReadyUntilTheKeysAreKnown() throws Exception {
        cluster.on("/openid/v1/jwks", 404, "{}");
        CurrentTokenVerifier unknown = new CurrentTokenVerifier(reader::tokenIssuer, "pillion", clock::get);
        AuthenticatedCallers waiting = new AuthenticatedCallers(
                List.of(new TokenCheck(unknown, Set.of(CALLER), new CredentialExpiry(meters, clock::get), clock::get)),
                meters);
        unknown.refresh();
        assertThat(waiting.missing()).hasValue("the cluster's keys for tokens are not known yet");

        publish(KEY);
        unknown.refresh();

        assertThat(waiting.missing()).isEmpty();
    }

    @Test
    void cannotBeConfiguredWithoutAClusterOrWithAnInvalidName() {
        CallerBeans beans = new CallerBeans();
        ClusterConnection none = new ClusterConnection.None("pillion.cluster.watch is never");

        assertThatThrownBy(() -> beans.callers(
                        GuardedServer.config(Map.of("pillion.clients.service-accounts", "kube-system/pillion-caller")),
                        none,
                        meters))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessage("pillion.clients.service-accounts needs the cluster's keys to verify tokens, but"
                        + " pillion.cluster.watch is never");
        assertThatThrownBy(() -> CallerBeans.accountNames(Set.of("pillion-caller")))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessage(
                        "pillion.clients.service-accounts: 'pillion-caller' is not of the form NAMESPACE/NAME, such as"
                                + " kube-system/pillion-caller");
    }

    private void assertRefused(String token, String reason) throws Exception {
        HttpResponse<String> answer = send(token);
        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(answer.body()).contains(reason + ";");
        assertThat(server.decisions()).isZero();
    }

    private HttpResponse<String> send(String token) throws Exception {
        try (HttpClient client = GuardedServer.client(Optional.empty())) {
            return post(port, client, token);
        }
    }

    private static HttpResponse<String> post(int port, HttpClient client, String token) throws Exception {
        return GuardedServer.post(port, client, "{}", "Authorization", "Bearer " + token);
    }

    private static JwtClaims claims() {
        JwtClaims claims = new JwtClaims();
        claims.setIssuer(ISSUER);
        claims.setAudience("pillion");
        claims.setSubject(CALLER);
        claims.setExpirationTimeMinutesInTheFuture(60);
        return claims;
    }

    private static String token(RsaJsonWebKey key, JwtClaims claims) throws Exception {
        JsonWebSignature signature = new JsonWebSignature();
        signature.setPayload(claims.toJson());
        signature.setKey(key.getPrivateKey());
        signature.setKeyIdHeaderValue(key.getKeyId());
        signature.setAlgorithmHeaderValue(AlgorithmIdentifiers.RSA_USING_SHA256);
        return signature.getCompactSerialization();
    }

    private static RsaJsonWebKey key(String id) {
        try {
            RsaJsonWebKey key = RsaJwkGenerator.generateJwk(2048);
            key.setKeyId(id);
            return key;
        } catch (org.jose4j.lang.JoseException e) {
            throw new IllegalStateException(e);
        }
    }

    private void publish(RsaJsonWebKey... keys) {
        cluster.on("/.well-known/openid-configuration", "{\"issuer\":\"" + ISSUER + "\"}")
                .on("/openid/v1/jwks", new JsonWebKeySet(keys).toJson(OutputControlLevel.PUBLIC_ONLY));
    }
}
