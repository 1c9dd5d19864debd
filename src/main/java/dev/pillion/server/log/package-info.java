/**
 * Writes log lines without delaying a request.
 *
 * <p>Text for standard output and standard error goes in. A thread of its own writes it; what does not fit the buffer is counted and dropped.
 */
@NullMarked
package dev.pillion.server.log;

import org.jspecify.annotations.NullMarked;
