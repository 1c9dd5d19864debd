/**
 * Changes YAML and JSON documents in their text.
 *
 * <p>A text and the new trees of its documents go in. The text with only the differences changed comes out: comments, quoting, key order and
 * line endings are kept.
 */
@NullMarked
package dev.pillion.yaml.splice;

import org.jspecify.annotations.NullMarked;
