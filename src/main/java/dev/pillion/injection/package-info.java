/**
 * Decides what to do with a Pod, and why. Pure: nothing else is read, and nothing is changed.
 *
 * <p>A Pod, its namespace and the catalog go in. A {@link dev.pillion.injection.Decision} comes out. The webhooks, the command line and the
 * audit use the same {@link dev.pillion.injection.Injector}. The subpackages are its phases, in this order: {@code select}, {@code render},
 * {@code apply}, {@code comply}. {@code uninject} is the way back.
 */
@NullMarked
package dev.pillion.injection;

import org.jspecify.annotations.NullMarked;
