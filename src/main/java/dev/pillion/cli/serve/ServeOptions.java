package dev.pillion.cli.serve;

import java.nio.file.Path;
import java.util.Optional;

/**
 * The options of the server.
 *
 * @param port the HTTPS port of the webhook; 0 for any free port
 * @param managementPort the port for health and metrics; 0 for any free port
 * @param profiles a directory of profiles in addition to the built-in ones
 * @param certificate a PEM file; present if and only if {@code key} is present
 * @param key a PEM file
 * @param kubeconfig the kubeconfig of the cluster to watch
 */
public record ServeOptions(
        int port,
        int managementPort,
        Optional<Path> profiles,
        Optional<Path> certificate,
        Optional<Path> key,
        Optional<Path> kubeconfig) {

    static final int DEFAULT_PORT = 8443;
    static final int DEFAULT_MANAGEMENT_PORT = 9000;

    /** The options of {@code serve} without arguments. */
    public static ServeOptions defaults() {
        return new ServeOptions(
                DEFAULT_PORT,
                DEFAULT_MANAGEMENT_PORT,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }
}
