package dev.pillion.injection.render;

import dev.pillion.expression.Excerpt;
import dev.pillion.pod.Container;
import dev.pillion.pod.VolumeMount;
import java.util.Optional;
import java.util.Set;

/** Directories in which images have files that an empty directory would hide. */
final class ImageDirectories {

    /** The directories of an app's files in common images and in the Filesystem Hierarchy Standard. */
    private static final Set<String> FILLED = Set.of(
            "/app",
            "/home",
            "/opt",
            "/root",
            "/run",
            "/srv",
            "/usr/local/apache2/htdocs",
            "/usr/local/share",
            "/usr/local/tomcat",
            "/usr/local/tomcat/webapps",
            "/usr/share",
            "/usr/share/nginx",
            "/usr/share/nginx/html",
            "/usr/src/app",
            "/var",
            "/var/cache",
            "/var/lib",
            "/var/run",
            "/var/www",
            "/var/www/html");

    private ImageDirectories() {}

    /**
     * The files that a container needs to start and that an empty directory would hide.
     *
     * @param written whether a companion writes to the directory, and so may provide the program
     */
    static Optional<String> neededAt(String directory, Container container, boolean written) {
        if (SystemDirectories.areHiddenBy(directory)) {
            return Optional.of("files that the image of container " + container.name() + " needs");
        }
        return written
                ? Optional.empty()
                : program(container)
                        .filter(program -> isWithin(program, directory))
                        .map(program -> "the program " + Excerpt.of(program) + " of container " + container.name());
    }

    /** The files that the image most likely has in a directory. */
    static Optional<String> likelyAt(String directory, Container container, boolean written) {
        String working = container.tree().path("workingDir").asText();
        if (!written && working.startsWith("/") && isWithin(VolumeMount.directory(working), directory)) {
            return Optional.of("the working directory " + Excerpt.of(working) + " of container " + container.name());
        }
        return FILLED.contains(directory)
                ? Optional.of("files of the image of container " + container.name())
                : Optional.empty();
    }

    /** The program that the container runs, unless it is in a volume. */
    private static Optional<String> program(Container container) {
        String program = container.tree().path("command").path(0).asText();
        if (!program.startsWith("/")) {
            return Optional.empty();
        }
        String path = VolumeMount.directory(program);
        return container.volumeMounts().stream().anyMatch(mount -> mount.covers(path))
                ? Optional.empty()
                : Optional.of(path);
    }

    private static boolean isWithin(String path, String directory) {
        return path.equals(directory) || path.startsWith(directory + "/");
    }
}
