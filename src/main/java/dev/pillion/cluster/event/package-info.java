/**
 * Sends Kubernetes Events about decisions and about Pillion itself.
 *
 * <p>Decisions go in. Events come out, limited in number for each namespace.
 */
@NullMarked
package dev.pillion.cluster.event;

import org.jspecify.annotations.NullMarked;
