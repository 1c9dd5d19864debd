/**
 * Audits the Pods of the cluster periodically.
 *
 * <p>The leader lists Pods. Metrics of what they lack come out.
 */
@NullMarked
package dev.pillion.server.audit;

import org.jspecify.annotations.NullMarked;
