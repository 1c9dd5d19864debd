/**
 * The two ports below HTTP: TLS, the number of connections, and how long each may take.
 *
 * <p>Accepted channels of Netty go in. Requests that keep the rules go on to Vert.x. This package knows nothing of reviews.
 */
@NullMarked
package dev.pillion.server.http;

import org.jspecify.annotations.NullMarked;
