package dev.pillion.cli.serve;

/** Starts the webhook's server and stays until it is stopped. */
@FunctionalInterface
public interface ServerLauncher {

    /** The exit code. */
    int launch(ServeOptions options);
}
