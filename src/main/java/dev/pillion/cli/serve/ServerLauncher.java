package dev.pillion.cli.serve;

/** Starts the server and returns when it stops. */
@FunctionalInterface
public interface ServerLauncher {

    /** Returns the exit code. */
    int launch(ServeOptions options);
}
