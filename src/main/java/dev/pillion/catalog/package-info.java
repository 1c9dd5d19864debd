/**
 * Profiles: reading, checking and compiling them; the immutable catalog of all of them.
 *
 * <p>YAML comes in, from the jar, from a directory or from the cluster; a compiled {@link dev.pillion.catalog.Catalog} goes out, or
 * every problem with its file, line and field. A catalog is never changed, only replaced as a whole. Of files that compile a
 * {@link dev.pillion.catalog.Linter} says what is questionable.
 */
@NullMarked
package dev.pillion.catalog;

import org.jspecify.annotations.NullMarked;
