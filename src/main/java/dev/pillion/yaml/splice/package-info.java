/**
 * Changes YAML and JSON documents in their text.
 *
 * <p>A text and the new trees of its documents go in. The changed text comes out with its comments, quotes, key order and line breaks.
 */
@NullMarked
package dev.pillion.yaml.splice;

import org.jspecify.annotations.NullMarked;
