/**
 * Third phase: adds what was rendered to the Pod.
 *
 * <p>Rendered profiles go in. Operations of a JSON Patch (RFC 6902) and the new status come out. All operations add to lists and maps; none
 * replaces a list.
 */
@NullMarked
package dev.pillion.injection.apply;

import org.jspecify.annotations.NullMarked;
