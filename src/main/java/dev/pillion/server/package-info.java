/**
 * The running server: the HTTPS endpoint, health, metrics, configuration and the catalog that is kept fresh.
 *
 * <p>HTTP comes in and goes out; all that is decided is decided in the rooms below. The only room that knows Quarkus.
 */
@NullMarked
package dev.pillion.server;

import org.jspecify.annotations.NullMarked;
