/**
 * Keeps namespaces, profiles and policies in memory.
 *
 * <p>Lists and watches of the API server go in. The last known state comes out at once, also while the API server is unavailable.
 */
@NullMarked
package dev.pillion.cluster.watch;

import org.jspecify.annotations.NullMarked;
