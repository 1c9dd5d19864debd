/**
 * Starts and stops the server.
 *
 * <p>The command line goes in. A running server comes out. The subpackages contain its parts; only {@code server} knows Quarkus.
 */
@NullMarked
package dev.pillion.server;

import org.jspecify.annotations.NullMarked;
