/**
 * The cluster: its namespaces, as far as decisions need to know them; which replica leads; and where Pillion's own certificates are
 * kept and published.
 *
 * <p>Of namespaces, lists and watches come in from the API server, in the background; what was last heard goes out of memory, at once.
 * While the API server is away, what was known before it went still goes out, and why nothing newer does is said once. Leases, Secrets
 * and webhook configurations are read and written by name.
 */
@NullMarked
package dev.pillion.cluster;

import org.jspecify.annotations.NullMarked;
