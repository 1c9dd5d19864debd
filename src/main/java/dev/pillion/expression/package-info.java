/**
 * The expression language of profiles: CEL expressions and {@code ${…}} templates.
 *
 * <p>Source text comes in when the catalog is loaded and is compiled and type-checked there; at admission only values come in
 * and JSON goes out. A value never becomes source: not of CEL, not of YAML, not of JSON.
 */
@NullMarked
package dev.pillion.expression;

import org.jspecify.annotations.NullMarked;
