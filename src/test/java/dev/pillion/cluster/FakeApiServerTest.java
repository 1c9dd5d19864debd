package dev.pillion.cluster;

import static org.assertj.core.api.Assertions.assertThatCode;

import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import org.junit.jupiter.api.Test;

class FakeApiServerTest {

    /** Netty closes the listening socket a moment after it reports that the channel is closed. */
    @Test
    void startsAgainAtOnceWhileClientsAreConnected() {
        try (FakeApiServer server = new FakeApiServer()) {
            int port = URI.create(server.url()).getPort();
            for (int restart = 0; restart < 200; restart++) {
                assertThatCode(() -> {
                            try (Socket client = new Socket(InetAddress.getLoopbackAddress(), port)) {
                                server.stop();
                                server.start();
                            }
                        })
                        .doesNotThrowAnyException();
            }
        }
    }
}
