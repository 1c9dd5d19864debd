/**
 * Compiles profiles and policies from YAML to a catalog.
 *
 * <p>Documents from the jar or from a directory go in. A {@link dev.pillion.catalog.Catalog} comes out, or every problem with its file, line
 * and field.
 */
@NullMarked
package dev.pillion.catalog.compile;

import org.jspecify.annotations.NullMarked;
