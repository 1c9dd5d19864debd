package dev.pillion.server.http;

import java.time.Duration;

/**
 * How long a connection may stay in each phase.
 *
 * @param handshake of TLS
 * @param head from the first byte of a request to the end of its headers, however slowly they come
 * @param exchange from there to the end of the response
 * @param response until the client has taken the response
 */
record Timeouts(Duration handshake, Duration head, Duration exchange, Duration response) {

    /** The API server waits for 30 s at most, and a body may take 10 s on its own. */
    static final Timeouts WEBHOOK = new Timeouts(
            Duration.ofSeconds(10), Duration.ofSeconds(10), Duration.ofSeconds(60), Duration.ofSeconds(10));

    static final Timeouts MANAGEMENT =
            new Timeouts(Duration.ZERO, Duration.ofSeconds(5), Duration.ofSeconds(30), Duration.ofSeconds(10));
}
