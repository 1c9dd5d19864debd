package dev.pillion.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pillion.server.http.ConnectionState.Phase;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ConnectionsTest {

    private final Connections connections = new Connections(2, Timeouts.WEBHOOK, Duration.ZERO);
    private final EmbeddedChannel first = new EmbeddedChannel();
    private final EmbeddedChannel second = new EmbeddedChannel();
    private final EmbeddedChannel third = new EmbeddedChannel();
    private final ConnectionState firstState = new ConnectionState(Phase.IDLE);
    private final ConnectionState secondState = new ConnectionState(Phase.IDLE);

    @BeforeEach
    void openTwo() {
        connections.admit(first, firstState);
        connections.admit(second, secondState);
    }

    @Test
    void closesTheOneThatHasWaitedLongestForItsClientInFavourOfANewOne() {
        firstState.bytesRead();

        assertThat(connections.admit(third, new ConnectionState(Phase.HANDSHAKE)))
                .isTrue();

        assertThat(first.isOpen()).as("it has just begun to send").isTrue();
        assertThat(second.isOpen()).isFalse();
        assertThat(connections.count()).isEqualTo(2);
        assertThat(connections.closedForOthers()).isOne();
    }

    @Test
    void closesNoneThatIsBeingAnswered() {
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
    void closesNoneThatWasOpenedJustNow() {
        Connections patient = new Connections(1, Timeouts.WEBHOOK, Duration.ofMinutes(1));
        patient.admit(first, firstState);

        assertThat(patient.admit(third, new ConnectionState(Phase.HANDSHAKE))).isFalse();
        assertThat(first.isOpen()).isTrue();
    }

    @Test
    void countsThoseThatAreOpen() {
        first.close();
        second.close();

        assertThat(connections.count()).isZero();
        assertThat(connections.admit(third, new ConnectionState(Phase.HANDSHAKE)))
                .isTrue();
    }
}
