/**
 * The command {@code pillion check}.
 *
 * <p>A directory with profiles, policies and golden cases goes in. Findings and test results come out, as text, JUnit XML or SARIF.
 */
@NullMarked
package dev.pillion.cli.check;

import org.jspecify.annotations.NullMarked;
