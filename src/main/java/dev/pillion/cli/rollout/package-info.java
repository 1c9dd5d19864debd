/**
 * The command {@code pillion rollout}.
 *
 * <p>The live workloads whose Pods have missing or outdated companions go in. The workloads are restarted one after the other, or the images and resources of their
 * companions are changed in place. What was done comes out.
 */
@NullMarked
package dev.pillion.cli.rollout;

import org.jspecify.annotations.NullMarked;
