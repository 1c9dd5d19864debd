/**
 * Second phase: renders the selected profiles for a Pod.
 *
 * <p>Profiles and values go in. Containers, volumes, mounts and variables come out, with a volume for each shared directory. The Pod is not
 * changed yet.
 */
@NullMarked
package dev.pillion.injection.render;

import org.jspecify.annotations.NullMarked;
