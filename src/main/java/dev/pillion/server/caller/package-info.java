/**
 * Authenticates the callers of the webhooks.
 *
 * <p>Client certificates and ServiceAccount tokens go in. A decision whether the caller may send reviews comes out, without I/O.
 */
@NullMarked
package dev.pillion.server.caller;

import org.jspecify.annotations.NullMarked;
