/**
 * Removes from a Pod what its status lists.
 *
 * <p>An injected Pod goes in. Operations that restore the original Pod come out, and what is kept with the reason.
 */
@NullMarked
package dev.pillion.injection.uninject;

import org.jspecify.annotations.NullMarked;
