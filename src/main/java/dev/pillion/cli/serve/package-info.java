/**
 * The command {@code pillion serve}.
 *
 * <p>Options go in. The server is started with them.
 */
@NullMarked
package dev.pillion.cli.serve;

import org.jspecify.annotations.NullMarked;
