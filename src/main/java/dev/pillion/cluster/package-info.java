/**
 * Talks to the API server.
 *
 * <p>A kubeconfig or the mounted ServiceAccount goes in. A client, the server's version and leadership among the replicas come out. The subpackages
 * watch resources, keep certificates and send Events.
 */
@NullMarked
package dev.pillion.cluster;

import org.jspecify.annotations.NullMarked;
