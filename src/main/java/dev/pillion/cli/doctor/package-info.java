/**
 * The command {@code pillion doctor}.
 *
 * <p>The findings of the checks go in. Lines for people, or JSON for scripts, come out.
 */
@NullMarked
package dev.pillion.cli.doctor;

import org.jspecify.annotations.NullMarked;
