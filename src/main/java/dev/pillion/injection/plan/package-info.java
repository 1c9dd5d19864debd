/**
 * The values that the phases of a decision hand over.
 *
 * <p>A {@link dev.pillion.injection.plan.Plan} lists the chosen profiles and their parameters. A
 * {@link dev.pillion.injection.plan.RenderedProfile} contains what one profile adds to one Pod. A {@link dev.pillion.injection.plan.Status} lists what
 * was added.
 */
@NullMarked
package dev.pillion.injection.plan;

import org.jspecify.annotations.NullMarked;
