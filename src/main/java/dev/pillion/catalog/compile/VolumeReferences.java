package dev.pillion.catalog.compile;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.catalog.ContainerTemplate.Role;
import dev.pillion.expression.Excerpt;
import dev.pillion.expression.Nearest;
import java.util.Set;
import java.util.TreeSet;

/** Checks that each volume that a profile mounts is a volume of the profile: the API server rejects a Pod that mounts an unknown volume. */
final class VolumeReferences {

    private final Set<String> volumes;
    private final Set<String> directories;
    private final Problems problems;

    private VolumeReferences(JsonNode spec, Problems problems) {
        this.volumes = names(spec.path("volumes"));
        this.directories = names(spec.path("sharedDirectories"));
        this.problems = problems;
    }

    /** @param problems receives each reference to a volume that the profile does not have */
    static void check(JsonNode spec, Problems problems) {
        VolumeReferences references = new VolumeReferences(spec, problems);
        if (references.volumes.stream().anyMatch(VolumeReferences::isExpression)) {
            return;
        }
        for (Role role : Role.values()) {
            for (int index = 0; index < spec.path(role.field()).size(); index++) {
                String path = "spec." + role.field() + "[" + index + "].";
                references.checkOwner(spec.path(role.field()).path(index), path);
            }
        }
        references.checkOwner(spec.path("app"), "spec.app.");
    }

    private void checkOwner(JsonNode owner, String path) {
        for (String field : Set.of("volumeMounts", "volumeDevices")) {
            for (int index = 0; index < owner.path(field).size(); index++) {
                check(owner.path(field).path(index).path("name"), path + field + "[" + index + "].name");
            }
        }
        for (int index = 0; index < owner.path("env").size(); index++) {
            check(
                    owner.path("env").path(index).at("/valueFrom/fileKeyRef/volumeName"),
                    path + "env[" + index + "].valueFrom.fileKeyRef.volumeName");
        }
    }

    private void check(JsonNode reference, String path) {
        String name = reference.isTextual() ? reference.textValue() : "";
        if (name.isEmpty() || isExpression(name) || volumes.contains(name)) {
            return;
        }
        String problem = "no volume of this profile is called '" + Excerpt.of(name) + "'";
        if (directories.contains(name)) {
            problems.accept(
                    path,
                    problem
                            + "; it is a shared directory, and the app may mount its own volume there; list the container among its readers or writers instead");
            return;
        }
        problems.accept(
                path,
                () -> problem
                        + (Nearest.to(name, volumes).isPresent()
                                ? Nearest.question(name, volumes)
                                : "; add it to spec.volumes, or write ${'" + name
                                        + "'} for a volume of the Pod itself"));
    }

    private static boolean isExpression(String name) {
        return name.contains("${");
    }

    private static Set<String> names(JsonNode owners) {
        Set<String> names = new TreeSet<>();
        owners.forEach(owner -> {
            if (owner.path("name").isTextual()) {
                names.add(owner.path("name").textValue());
            }
        });
        return names;
    }
}
