/**
 * The command {@code pillion explain}.
 *
 * <p>The simulated decision for a workload goes in. A text that says what it gets and why comes out.
 */
@NullMarked
package dev.pillion.cli.explain;

import org.jspecify.annotations.NullMarked;
