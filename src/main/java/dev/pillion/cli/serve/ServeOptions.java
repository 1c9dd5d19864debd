package dev.pillion.cli.serve;

import java.nio.file.Path;
import java.util.Optional;

/**
 * How the server is to be started.
 *
 * @param port of the webhook, HTTPS; 0 for any that is free
 * @param managementPort of health and metrics; 0 for any that is free
 * @param profiles a directory of profiles that stand beside the built-in ones
 * @param certificate a PEM file; present exactly when {@code key} is
 * @param key a PEM file
 * @param kubeconfig of the cluster whose namespaces are watched
 */
public record ServeOptions(
        int port,
        int managementPort,
        Optional<Path> profiles,
        Optional<Path> certificate,
        Optional<Path> key,
        Optional<Path> kubeconfig) {}
