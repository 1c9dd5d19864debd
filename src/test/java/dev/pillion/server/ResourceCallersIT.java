package dev.pillion.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pillion.certificates.TestClientAuthority;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code /validate-resources}, a resource of Jakarta REST, authenticates its callers as {@code /validate} does, which is a route. */
@Timeout(180)
class ResourceCallersIT {

    private static final String ROUTE = "/validate";
    private static final String RESOURCE = "/validate-resources";

    @TempDir
    private static Path directory;

    private static TestClientAuthority authority;
    private static ServerProcess server;

    @BeforeAll
    static void start() throws Exception {
        authority = TestClientAuthority.named("CN=callers");
        Path file = Files.writeString(directory.resolve("ca.crt"), authority.pem());
        server = ServerProcess.start("resource-callers", "-Xmx192m", "-Dpillion.clients.certificate-authority=" + file);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "GET", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "PURGE"})
    void refusesAnUnknownCallerWithEveryMethod(String method) throws Exception {
        String response =
                RawHttp.exchange(server.tls(), RawHttp.request(method, RESOURCE, "Content-Type: text/plain", "{}"));

        assertThat(response)
                .startsWith("HTTP/1.1 403 Forbidden\r\n")
                .contains("connection: close\r\n")
                .contains("it presented no client certificate")
                .isEqualTo(RawHttp.exchange(
                        server.tls(), RawHttp.request(method, ROUTE, "Content-Type: text/plain", "{}")));
    }

    @Test
    void countsEachRefusalOnce() throws Exception {
        double before = server.metric("pillion_unauthenticated_requests_total");

        RawHttp.exchange(server.tls(), RawHttp.request("POST", RESOURCE, "Content-Type: application/json", "{}"));

        assertThat(server.metric("pillion_unauthenticated_requests_total")).isEqualTo(before + 1);
    }

    @Test
    void refusesAnUnknownCallerWithoutReadingItsBody() throws Exception {
        try (Socket socket = server.tls()) {
            socket.getOutputStream()
                    .write(RawHttp.head("POST", RESOURCE, "Expect: 100-continue", 7_000_000)
                            .getBytes(StandardCharsets.US_ASCII));

            assertThat(ServerProcess.response(socket)).startsWith("HTTP/1.1 403 Forbidden\r\n");
        }
    }

    @Test
    void acceptsACallerWithACertificate() throws Exception {
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(authority.client("CN=kube-apiserver").keyStore(), new char[0]);
        KeyManager[] credentials = factory.getKeyManagers();

        String response = RawHttp.exchange(
                ServerProcess.tls(server.port(), credentials),
                RawHttp.request("POST", RESOURCE, "Content-Type: application/json", "{}"));

        assertThat(response).startsWith("HTTP/1.1 400 Bad Request\r\n").contains("this is not an AdmissionReview");
    }
}
