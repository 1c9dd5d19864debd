/**
 * Options that several commands share.
 *
 * <p>Arguments go in. Checked values come out, or a message that names the option.
 */
@NullMarked
package dev.pillion.cli.option;

import org.jspecify.annotations.NullMarked;
