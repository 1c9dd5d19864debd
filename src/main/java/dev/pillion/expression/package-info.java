/**
 * The expression language of profiles: CEL expressions and {@code ${…}} templates.
 *
 * <p>Source text is compiled and type-checked when the catalog is loaded. At admission, values come in and JSON goes out. A value never becomes
 * source text of CEL, YAML or JSON.
 */
@NullMarked
package dev.pillion.expression;

import org.jspecify.annotations.NullMarked;
