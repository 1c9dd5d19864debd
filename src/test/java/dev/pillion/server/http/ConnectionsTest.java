package dev.pillion.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pillion.server.http.ConnectionState.Phase;
import io.netty.channel.Channel;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ConnectionsTest {

    private final Connections connections =
            new Connections(2, Timeouts.WEBHOOK, Connections.longestWaiting(Duration.ZERO));
    private final EmbeddedChannel first = new EmbeddedChannel();
    private final EmbeddedChannel second = new EmbeddedChannel();
    private final EmbeddedChannel third = new EmbeddedChannel();
    private final ConnectionState firstState = new ConnectionState(Phase.IDLE);
    private final ConnectionState secondState = new ConnectionState(Phase.IDLE);

    @BeforeEach
    void openTwoConnections() {
        connections.admit(first, firstState);
        connections.admit(second, secondState);
    }

    @Test
    void replacesTheConnectionThatHasWaitedLongestForItsClient() {
        firstState.bytesRead();

        assertThat(connections.admit(third, new ConnectionState(Phase.HANDSHAKE)))
                .isTrue();

        assertThat(first.isOpen()).as("its client has just begun to send").isTrue();
        assertThat(second.isOpen()).isFalse();
        assertThat(connections.count()).isEqualTo(2);
        assertThat(connections.closedForOthers()).isOne();
    }

    @Test
    void doesNotCloseAConnectionWithARequestInProgress() {
        firstState.requestRead();
        secondState.requestRead();

        assertThat(connections.admit(third, new ConnectionState(Phase.HANDSHAKE)))
                .isFalse();

        assertThat(third.isOpen()).isFalse();
        assertThat(first.isOpen()).isTrue();
        assertThat(second.isOpen()).isTrue();
        assertThat(connections.count()).isEqualTo(2);
    }

    @Test
    void doesNotCloseANewConnection() {
        Connections tolerant = new Connections(1, Timeouts.WEBHOOK, Connections.longestWaiting(Duration.ofMinutes(1)));
        tolerant.admit(first, firstState);

        assertThat(tolerant.admit(third, new ConnectionState(Phase.HANDSHAKE))).isFalse();
        assertThat(first.isOpen()).isTrue();
    }

    @Test
    void countsOpenConnections() {
        first.close();
        second.close();

        assertThat(connections.count()).isZero();
        assertThat(connections.admit(third, new ConnectionState(Phase.HANDSHAKE)))
                .isTrue();
    }

    @Test
    void closesTheOldestConnectionOfTheClientWithMostConnections() {
        Connections fair = new Connections(3, Timeouts.MANAGEMENT, Connections.oldestOfLargestShare());
        Channel probe = from("10.0.0.1");
        List<Channel> others = List.of(from("10.0.0.2"), from("10.0.0.2"), from("10.0.0.2"));
        fair.admit(probe, new ConnectionState(Phase.HEAD));
        others.forEach(each -> assertThat(fair.admit(each, answered())).isTrue());

        assertThat(probe.isOpen())
                .as("the oldest, but the only one of its client")
                .isTrue();
        assertThat(others.stream().map(Channel::isOpen)).containsExactly(false, true, true);
        assertThat(fair.count()).isEqualTo(3);
    }

    @Test
    void closesTheOldestConnectionIfEachClientHasOne() {
        Connections fair = new Connections(2, Timeouts.MANAGEMENT, Connections.oldestOfLargestShare());
        List<Channel> clients = List.of(from("10.0.0.1"), from("10.0.0.2"), from("10.0.0.3"));
        clients.forEach(each -> assertThat(fair.admit(each, answered())).isTrue());

        assertThat(clients.stream().map(Channel::isOpen)).containsExactly(false, true, true);
    }

    private static ConnectionState answered() {
        ConnectionState state = new ConnectionState(Phase.HEAD);
        state.requestRead();
        return state;
    }

    private static Channel from(String address) {
        return new EmbeddedChannel() {
            @Override
            protected SocketAddress remoteAddress0() {
                return new InetSocketAddress(
                        address, ThreadLocalRandom.current().nextInt(1, 65_536));
            }
        };
    }
}
