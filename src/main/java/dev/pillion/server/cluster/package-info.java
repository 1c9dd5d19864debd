/**
 * What the server knows of its cluster: namespaces, version and leadership.
 *
 * <p>Watches go in. Reads of memory come out; a review never waits for the API server.
 */
@NullMarked
package dev.pillion.server.cluster;

import org.jspecify.annotations.NullMarked;
