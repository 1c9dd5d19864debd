/**
 * YAML and JSON text in, trees with places out; trees in, YAML out.
 *
 * <p>Text is read as kubectl reads it (YAML 1.1: anchors, merge keys, octal modes), and numbers keep their digits. What is wrong is
 * said with its line.
 */
@NullMarked
package dev.pillion.yaml;

import org.jspecify.annotations.NullMarked;
