package dev.pillion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.junit.jupiter.api.Test;

class ReservedPortTest {

    @Test
    void refusesConnectionsUntilAServerListens() throws Exception {
        try (ReservedPort port = new ReservedPort()) {
            InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port.number());
            for (int restart = 0; restart < 3; restart++) {
                try (Socket client = new Socket()) {
                    assertThatThrownBy(() -> client.connect(address)).isInstanceOf(ConnectException.class);
                }
                try (ServerSocket server = new ServerSocket(port.number(), 1, InetAddress.getLoopbackAddress());
                        Socket client = new Socket()) {
                    client.connect(address);
                    assertThat(server.accept().getPort()).isEqualTo(client.getLocalPort());
                }
            }
        }
    }

    @Test
    void reservesThePortOfAllAddresses() throws Exception {
        try (ReservedPort port = new ReservedPort();
                Socket other = new Socket()) {
            other.setReuseAddress(false);

            assertThatThrownBy(() -> other.bind(new InetSocketAddress("127.0.0.2", port.number())))
                    .isInstanceOf(BindException.class);
        }
    }
}
