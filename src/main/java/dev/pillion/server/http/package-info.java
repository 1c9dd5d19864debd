/**
 * Guards the two ports of the server below HTTP: how many connections there are, for how long each may take for what, and which requests are
 * let through to Quarkus at all.
 *
 * <p>Accepted channels come in from Netty; bytes and requests that keep the rules go on to Vert.x. Knows nothing of reviews.
 */
@NullMarked
package dev.pillion.server.http;

import org.jspecify.annotations.NullMarked;
