package dev.pillion.server.http;

import java.time.Duration;

/** The phase of a connection and its start. Written by its event loop; other threads may read it. */
final class ConnectionState {

    enum Phase {
        HANDSHAKE,
        /** No request. A client may keep such a connection until the server's idle timeout. */
        IDLE,
        /** A part of a request's headers has arrived. */
        HEAD,
        /** A request is being read or answered. */
        EXCHANGE,
        /** The response was written, and the client has not read all of it. */
        RESPONSE
    }

    private volatile Phase phase;
    private volatile long since = System.nanoTime();
    private int exchanges;

    ConnectionState(Phase phase) {
        this.phase = phase;
    }

    long since() {
        return since;
    }

    void handshakeDone() {
        if (phase == Phase.HANDSHAKE) {
            enter(Phase.IDLE);
        }
    }

    void bytesRead() {
        if (phase == Phase.IDLE || phase == Phase.HANDSHAKE) {
            enter(Phase.HEAD);
        }
    }

    void requestRead() {
        exchanges++;
        enter(Phase.EXCHANGE);
    }

    void responseWritten() {
        exchanges--;
        if (exchanges == 0) {
            enter(Phase.RESPONSE);
        }
    }

    void responseSent() {
        if (phase == Phase.RESPONSE) {
            enter(Phase.IDLE);
        }
    }

    /** Whether the server has waited for the client for longer than this. */
    boolean isWaitingForClient(long now, Duration longerThan) {
        return phase != Phase.EXCHANGE && now - since > longerThan.toNanos();
    }

    boolean isOverdue(long now, Timeouts timeouts) {
        Duration limit =
                switch (phase) {
                    case IDLE -> null;
                    case HANDSHAKE -> timeouts.handshake();
                    case HEAD -> timeouts.head();
                    case EXCHANGE -> timeouts.exchange();
                    case RESPONSE -> timeouts.response();
                };
        return limit != null && now - since > limit.toNanos();
    }

    private void enter(Phase next) {
        phase = next;
        since = System.nanoTime();
    }
}
