/**
 * The limits of one evaluation: how many steps it takes, how large its values become and which patterns it matches.
 *
 * <p>The arguments of CEL's functions and the sizes of values come in. A {@link dev.pillion.expression.limit.LimitExceededException} goes out
 * when the evaluation would take too much time or memory.
 */
@NullMarked
package dev.pillion.expression.limit;

import org.jspecify.annotations.NullMarked;
