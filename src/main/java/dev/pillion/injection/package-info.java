/**
 * The pure core: what is to be done with a Pod, and why.
 *
 * <p>A Pod, its namespace and the catalog come in; a {@link dev.pillion.injection.Decision} goes out. Nothing is read from anywhere
 * else and nothing is changed, so the webhook, the command line and every preview say the same.
 */
@NullMarked
package dev.pillion.injection;

import org.jspecify.annotations.NullMarked;
