/**
 * The command line: what the webhook would do, on files.
 *
 * <p>Arguments and manifests come in; manifests, patches or explanations go out on standard output, what a person should know besides
 * on standard error, and an exit code. Decisions are the {@link dev.pillion.injection.Injector}'s own. Starts no framework: the server
 * is handed in as a {@link dev.pillion.cli.ServerLauncher}.
 */
@NullMarked
package dev.pillion.cli;

import org.jspecify.annotations.NullMarked;
