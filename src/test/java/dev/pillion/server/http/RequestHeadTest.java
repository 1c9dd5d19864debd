package dev.pillion.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pillion.yaml.Seeds;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestHeadTest {

    @Test
    void acceptsAProbeAsTheOnlyRequestOfItsConnection() {
        assertThat(
                        read(
                                "GET /health/live HTTP/1.1\r\nHost: 10.0.0.1:9000\r\nUser-Agent: kube-probe/1.36\r\n\r\nGET /again"))
                .isEqualTo(
                        "GET /health/live HTTP/1.1\r\nHost: 10.0.0.1:9000\r\nUser-Agent: kube-probe/1.36\r\nConnection: close\r\n\r\n");
    }

    @Test
    void removesTheUpgradeToHttp2() {
        assertThat(
                        read(
                                "GET /metrics HTTP/1.1\r\nConnection: Upgrade, HTTP2-Settings\r\nHost: x\r\nHTTP2-Settings: AAEAAEAA\r\nUpgrade: h2c\r\n\r\n"))
                .isEqualTo("GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        assertThat(read("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")).startsWith("405");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            POST /health HTTP/1.1\\r\\nHost: x\\r\\nContent-Length: 9000000                | 405
            PUT /health HTTP/1.1\\r\\nHost: x                                            | 405
            OPTIONS * HTTP/1.1\\r\\nHost: x                                              | 405
            get /health HTTP/1.1\\r\\nHost: x                                            | 405
            GET /health HTTP/1.1\\r\\nHost: x\\r\\nContent-Length: 1                       | 413
            GET /health HTTP/1.1\\r\\nHost: x\\r\\nContent-Length: 00                      | 413
            GET /health HTTP/1.1\\r\\nHost: x\\r\\nTransfer-Encoding: chunked              | 413
            GET /health HTTP/1.1\\r\\nHost: x\\r\\ntransfer-ENCODING:identity              | 413
            GET /health HTTP/1.1                                                       | 400
            GET /health HTTP/1.1\\r\\nHost: x\\r\\nHost: y                                 | 400
            GET /health HTTP/1.1\\r\\nHost: x\\r\\nno colon                               | 400
            GET /health HTTP/1.1\\r\\nHost: x\\r\\nA: b\\r\\n folded: line                   | 400
            GET /health HTTP/1.1\\r\\nHost: x\\r\\nContent-Length : 5                      | 400
            GET /health HTTP/1.1\\nHost: x\\n\\nPOST /health HTTP/1.1\\nContent-Length: 9   | 400
            GET /health HTTP/1.1\\r\\nHost: x\\r\\nA: b\\rTransfer-Encoding: chunked        | 400
            """)
    void refusesRequestsThatCanHaveABody(String head, int status) {
        assertThat(read(head + "\r\n\r\n")).startsWith(status + " ");
    }

    @Test
    void waitsForTheEndOfTheHeadersUpToALimit() {
        assertThat(read("GET /health HTTP/1.1\r\nHost: x\r\n")).isEqualTo("incomplete");
        assertThat(read("GET /" + "a".repeat(RequestHead.MAX_BYTES))).startsWith("431 ");
        assertThat(read("GET /" + "a".repeat(RequestHead.MAX_BYTES) + " HTTP/1.1\r\nHost: x\r\n\r\n"))
                .startsWith("431 ");
    }

    @Test
    void neverAcceptsARandomRequestThatCanHaveABody() {
        String[] parts = {
            "GET / HTTP/1.1",
            "POST / HTTP/1.1",
            "\r\n",
            "\n",
            "\r",
            "Host: x",
            "Content-Length: 5",
            "Transfer-Encoding: chunked",
            " ",
            ":"
        };
        Seeds.each(20_000, random -> {
            StringBuilder text = new StringBuilder("GET / HTTP/1.1\r\nHost: x\r\n");
            for (int each = random.nextInt(12); each > 0; each--) {
                text.append(parts[random.nextInt(parts.length)]);
            }
            if (RequestHead.read(bytes(text + "\r\n\r\n")) instanceof RequestHead.Accepted(byte[] request)) {
                String accepted = new String(request, StandardCharsets.ISO_8859_1);
                assertThat(accepted.replace("\r\n", "|"))
                        .doesNotContain("\r", "\n")
                        .endsWith("|Connection: close||");
                assertThat(Arrays.stream(accepted.split("\r\n")).skip(1))
                        .noneMatch(line -> line.startsWith("Content-Length") || line.startsWith("Transfer-Encoding"));
            }
        });
    }

    private static String read(String text) {
        return switch (RequestHead.read(bytes(text))) {
            case RequestHead.Incomplete _ -> "incomplete";
            case RequestHead.Refused refused -> refused.status() + " " + refused.message();
            case RequestHead.Accepted(byte[] request) -> new String(request, StandardCharsets.ISO_8859_1);
        };
    }

    private static byte[] bytes(String text) {
        return text.replace("\\r", "\r").replace("\\n", "\n").getBytes(StandardCharsets.ISO_8859_1);
    }
}
