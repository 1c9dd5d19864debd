/**
 * JSON Pointer (RFC 6901) and JSON Patch (RFC 6902).
 *
 * <p>A document and additions to it come in; operations that apply to that document, in order, go out. Lists are added to, never
 * rewritten.
 */
@NullMarked
package dev.pillion.patch;

import org.jspecify.annotations.NullMarked;
