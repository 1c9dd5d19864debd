/**
 * The types of a profile's parameters.
 *
 * <p>The text of an annotation or a value from YAML goes in. A checked value comes out, or a sentence that says what the value must be.
 */
@NullMarked
package dev.pillion.catalog.parameter;

import org.jspecify.annotations.NullMarked;
