/**
 * Last phase: checks that the final Pod has what policies enforce.
 *
 * <p>A Pod after all other webhooks goes in. The differences that change what an enforced companion runs come out.
 */
@NullMarked
package dev.pillion.injection.comply;

import org.jspecify.annotations.NullMarked;
