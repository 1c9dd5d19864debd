/**
 * Finds probable mistakes in profiles and policies that compile.
 *
 * <p>Compiled catalogs and their files go in. Findings with file, line and rule come out.
 */
@NullMarked
package dev.pillion.catalog.lint;

import org.jspecify.annotations.NullMarked;
