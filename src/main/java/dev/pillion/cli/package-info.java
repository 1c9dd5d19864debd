/**
 * The command line.
 *
 * <p>Arguments and manifests go in. Manifests, patches, explanations and an exit code come out. Commands start no framework: the server is passed
 * in as a {@link dev.pillion.cli.serve.ServerLauncher}.
 */
@NullMarked
package dev.pillion.cli;

import org.jspecify.annotations.NullMarked;
