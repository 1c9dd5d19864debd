/**
 * Reads what commands need of a live cluster.
 *
 * <p>Options and arguments go in. The catalog, the settings and the workloads of the cluster come out.
 */
@NullMarked
package dev.pillion.cli.live;

import org.jspecify.annotations.NullMarked;
