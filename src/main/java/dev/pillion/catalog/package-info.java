/**
 * The catalog: all profiles and policies, compiled and immutable.
 *
 * <p>The subpackages make a {@link dev.pillion.catalog.Catalog} from YAML or from the resources of a cluster. Decisions read it. A catalog never
 * changes; it is replaced as a whole.
 */
@NullMarked
package dev.pillion.catalog;

import org.jspecify.annotations.NullMarked;
