package dev.pillion.cli.manifest;

import dev.pillion.pod.MalformedPodException;
import dev.pillion.pod.Namespace;
import dev.pillion.pod.Workload;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The namespaces of the workloads, with the labels and annotations of those that the input contains. */
public final class Namespaces {

    private static final String DEFAULT = "default";

    private final Map<String, Namespace> known = new HashMap<>();
    private final String defaultName;

    /** @param defaultName the namespace of workloads without one */
    private Namespaces(String defaultName) {
        this.defaultName = defaultName;
    }

    /** @param given the name of the default namespace, or a file with its manifest */
    public static Namespaces from(List<Manifest> manifests, Optional<String> given) throws UnusableInputException {
        Optional<Namespace> own = Optional.empty();
        if (given.isPresent()) {
            own = Optional.of(named(given.get()));
        }
        Namespaces namespaces = new Namespaces(own.map(Namespace::name).orElse(DEFAULT));
        for (Manifest manifest : manifests) {
            if (isNamespace(manifest)) {
                namespaces.add(of(manifest));
            }
        }
        own.filter(namespace -> !namespace.equals(Namespace.named(namespace.name())))
                .ifPresent(namespaces::add);
        return namespaces;
    }

    /** The namespace of manifests without one. */
    public String defaultName() {
        return defaultName;
    }

    public Namespace of(Workload workload) {
        String name = workload.namespace().isEmpty() ? defaultName : workload.namespace();
        return known.getOrDefault(name, Namespace.named(name));
    }

    private void add(Namespace namespace) {
        known.put(namespace.name(), namespace);
    }

    private static Namespace named(String nameOrFile) throws UnusableInputException {
        if (nameOrFile.matches("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")) {
            return Namespace.named(nameOrFile);
        }
        if (!Files.isRegularFile(Path.of(nameOrFile))) {
            throw new UnusableInputException(
                    "--namespace must be the name of a namespace or a file with its manifest, is '" + nameOrFile + "'");
        }
        for (Manifest manifest : ManifestReader.read(Path.of(nameOrFile))) {
            if (isNamespace(manifest)) {
                return of(manifest);
            }
        }
        throw new UnusableInputException(SourceLocation.of(nameOrFile), "has no manifest of a Namespace");
    }

    static boolean isNamespace(Manifest manifest) {
        return manifest.tree().path("kind").asText().equals("Namespace")
                && manifest.tree().path("apiVersion").asText().equals("v1");
    }

    public static Namespace of(Manifest manifest) throws UnusableInputException {
        try {
            return Namespace.of(manifest.tree());
        } catch (MalformedPodException e) {
            throw new UnusableInputException(
                    SourceLocation.of(manifest.source(), manifest.document().line(e.path())),
                    "Namespace: " + e.getMessage());
        }
    }
}
