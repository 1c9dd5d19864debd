/**
 * The command {@code pillion audit}.
 *
 * <p>The Pods of a cluster or of manifests go in. A table of what they lack comes out.
 */
@NullMarked
package dev.pillion.cli.audit;

import org.jspecify.annotations.NullMarked;
