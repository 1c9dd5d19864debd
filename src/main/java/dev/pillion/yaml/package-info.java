/**
 * Reads YAML and JSON text into trees, and writes trees as text.
 *
 * <p>Text goes in and is read as kubectl reads it (YAML 1.1 with anchors and merge keys). Documents with their trees and line numbers come
 * out. Each error names a line.
 */
@NullMarked
package dev.pillion.yaml;

import org.jspecify.annotations.NullMarked;
