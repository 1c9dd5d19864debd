/**
 * Reads YAML and JSON into trees, writes trees, and changes documents in their text.
 *
 * <p>Text is read as kubectl reads it (YAML 1.1: anchors, merge keys, octal modes), and numbers keep their digits. An error has a line.
 * {@link dev.pillion.yaml.TextSplicer} takes a text and the trees that its documents are to have, and returns the text with only the
 * differences changed.
 */
@NullMarked
package dev.pillion.yaml;

import org.jspecify.annotations.NullMarked;
