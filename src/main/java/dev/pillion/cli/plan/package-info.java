/**
 * The command {@code pillion plan}.
 *
 * <p>Profiles and policies of files and the workloads of a cluster go in. The changes that these files cause for new Pods come out.
 */
@NullMarked
package dev.pillion.cli.plan;

import org.jspecify.annotations.NullMarked;
