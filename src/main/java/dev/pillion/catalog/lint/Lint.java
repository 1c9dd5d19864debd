package dev.pillion.catalog.lint;

import dev.pillion.catalog.LintRule;

/**
 * One thing in a file that compiles and would be better otherwise.
 *
 * @param file the file's name as the user knows it
 * @param line from 1
 * @param path the field, as {@code spec.sidecars[0].image}
 * @param message what is wrong, and the mend
 */
public record Lint(LintRule rule, String file, int line, String path, String message) {}
