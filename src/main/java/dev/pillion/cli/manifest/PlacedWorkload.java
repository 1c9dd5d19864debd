package dev.pillion.cli.manifest;

import dev.pillion.cli.terminal.Printable;
import dev.pillion.patch.Pointer;
import dev.pillion.pod.MalformedPodException;
import dev.pillion.pod.Pod;
import dev.pillion.pod.Workload;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A workload and its position in a manifest.
 *
 * @param pointer the root of the manifest, or an item of a list
 */
public record PlacedWorkload(Manifest manifest, Pointer pointer, Workload workload) {

    /** As kubectl writes it: {@code Deployment/web}. */
    public String title() {
        String title = workload.kind() + "/" + (workload.name().isEmpty() ? "(no name)" : workload.name());
        boolean singleTemplate =
                workload.podPath().size() <= 2 || workload.kind().equals("CronJob");
        // other kinds may have several templates
        return Printable.oneLine(
                singleTemplate ? title : title + " (" + field(podPointer().steps()) + ")");
    }

    /** The pointer to the Pod or its template in the manifest. */
    public Pointer podPointer() {
        return Pointer.of(workload.podPath().toArray(String[]::new)).below(pointer);
    }

    /** @throws UnusableInputException if the Pod is malformed, with the line and the field */
    public Pod pod() throws UnusableInputException {
        try {
            return workload.pod();
        } catch (MalformedPodException e) {
            String field = field(e.path());
            int line = manifest.document().line(field.replaceFirst("\\['(.+)']$", ".$1"));
            String message = String.valueOf(e.getMessage());
            throw new UnusableInputException(
                    SourceLocation.of(manifest.source(), line),
                    title() + ": "
                            + (e.path().isEmpty()
                                    ? message
                                    : field + message.substring(e.path().length())));
        }
    }

    /** A field of the Pod, as a field of the manifest. */
    private String field(String ofPod) {
        String pod = field(podPointer().steps());
        return pod.isEmpty() || ofPod.isEmpty() ? pod + ofPod : pod + "." + ofPod;
    }

    private static String field(List<String> steps) {
        return steps.stream()
                .map(step -> step.matches("[0-9]+") ? "[" + step + "]" : "." + step)
                .collect(Collectors.joining())
                .replaceFirst("^\\.", "");
    }
}
