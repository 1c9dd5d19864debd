/**
 * First phase: selects the profiles and parameters of a Pod.
 *
 * <p>The requests of the Pod and its namespace and the policies that match go in. The profiles to inject with the values of their parameters come
 * out, and the profiles that are skipped with the reason.
 */
@NullMarked
package dev.pillion.injection.select;

import org.jspecify.annotations.NullMarked;
