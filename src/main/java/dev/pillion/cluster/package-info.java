/**
 * The cluster, as far as decisions need to know it: its namespaces.
 *
 * <p>Lists and watches come in from the API server, in the background; what was last heard goes out of memory, at once. While the API
 * server is away, what was known before it went still goes out, and why nothing newer does is said once.
 */
@NullMarked
package dev.pillion.cluster;

import org.jspecify.annotations.NullMarked;
