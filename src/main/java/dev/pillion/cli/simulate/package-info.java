/**
 * Simulates the webhook on manifests.
 *
 * <p>Manifests, a catalog and namespaces go in. The decision for each workload comes out, with warnings about other documents of the input.
 */
@NullMarked
package dev.pillion.cli.simulate;

import org.jspecify.annotations.NullMarked;
