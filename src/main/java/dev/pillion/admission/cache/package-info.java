/**
 * Caches the responses to reviews of Pods of one workload.
 *
 * <p>The bytes of a review go in. A response comes out if an earlier review differs only in fields that do not influence the decision. The
 * whole cache is discarded with its catalog.
 */
@NullMarked
package dev.pillion.admission.cache;

import org.jspecify.annotations.NullMarked;
