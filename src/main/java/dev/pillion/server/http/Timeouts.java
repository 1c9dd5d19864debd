package dev.pillion.server.http;

import java.time.Duration;

/**
 * The maximum time of a connection in each phase.
 *
 * @param handshake the TLS handshake
 * @param head from the first byte of a request to the end of its headers
 * @param exchange from the end of the headers to the end of the response
 * @param response until the client has read the response
 */
record Timeouts(Duration handshake, Duration head, Duration exchange, Duration response) {

    /** The API server waits for 30 s at most, and a body alone may take 10 s. */
    static final Timeouts WEBHOOK = new Timeouts(
            Duration.ofSeconds(10), Duration.ofSeconds(10), Duration.ofSeconds(60), Duration.ofSeconds(10));

    static final Timeouts MANAGEMENT =
            new Timeouts(Duration.ZERO, Duration.ofSeconds(5), Duration.ofSeconds(30), Duration.ofSeconds(10));
}
