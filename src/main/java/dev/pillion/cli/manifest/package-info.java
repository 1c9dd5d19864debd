/**
 * Reads and prints manifests.
 *
 * <p>Files, directories and standard input go in. Manifests with their workloads come out, and are printed with the changes in their text.
 */
@NullMarked
package dev.pillion.cli.manifest;

import org.jspecify.annotations.NullMarked;
