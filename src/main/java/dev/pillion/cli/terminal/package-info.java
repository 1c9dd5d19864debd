/**
 * Writes for people and for scripts: tables, colors, progress, exit codes.
 *
 * <p>Text goes in. Text that is safe for a terminal comes out.
 */
@NullMarked
package dev.pillion.cli.terminal;

import org.jspecify.annotations.NullMarked;
