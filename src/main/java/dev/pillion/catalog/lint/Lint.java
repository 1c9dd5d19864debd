package dev.pillion.catalog.lint;

import dev.pillion.catalog.LintRule;

/**
 * A finding of a lint rule in a file that compiles.
 *
 * @param file the file's name as the user knows it
 * @param line from 1
 * @param path the field, for example {@code spec.sidecars[0].image}
 * @param message the problem and its solution
 */
public record Lint(LintRule rule, String file, int line, String path, String message) {}
