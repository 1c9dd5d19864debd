package dev.pillion.injection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.pillion.patch.Pointer;
import dev.pillion.pod.Pod;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Adds to the Pod around its containers: volumes, labels, annotations, image pull secrets, and the status itself. */
final class PodEdits {

    private static final Pointer VOLUMES = Pointer.of("spec", "volumes");
    private static final Pointer SECRETS = Pointer.of("spec", "imagePullSecrets");
    private static final Pointer LABELS = Pointer.of("metadata", "labels");
    private static final Pointer ANNOTATIONS = Pointer.of("metadata", "annotations");

    /** Kubernetes' limit for all annotations of an object together (ValidateAnnotationsSize). */
    private static final int MAX_ANNOTATION_BYTES = 256 * 1024;

    private final Edit edit;
    private final Pod pod;
    private final Set<String> emptyDirs = new LinkedHashSet<>();
    private int annotationBytes;

    PodEdits(Edit edit) {
        this.edit = edit;
        this.pod = edit.pod();
        pod.annotations().forEach((name, value) -> annotationBytes += bytes(name) + bytes(value));
    }

    /** Whether the volume had to be added. */
    boolean addVolume(JsonNode volume) throws Denial {
        String name = volume.path("name").asText();
        JsonNode present = pod.volumes().get(name);
        Optional<JsonNode> other = edit.claim("volume " + name, volume);
        if (other.isPresent()) {
            if (!other.get().equals(volume)) {
                throw new Denial(
                        Code.NAME_TAKEN,
                        "two of the profiles add different volumes called '" + name + "'; ask for one of them");
            }
            return false;
        }
        if (present == null) {
            edit.patch().append(VOLUMES, volume);
            edit.status().volumes.add(name);
            if (volume.has("emptyDir")) {
                emptyDirs.add(name);
            }
            return true;
        }
        if (edit.earlier().volumes.contains(name)) {
            edit.status().volumes.add(name);
        } else if (!Presence.holds(volume, present) || isInUse(name, volume)) {
            throw new Denial(
                    Code.NAME_TAKEN, "the Pod has a volume called '" + name + "' that is something else; rename it");
        }
        return false;
    }

    /** An app's own {@code emptyDir} is its own, even one that looks like what would be added. */
    private boolean isInUse(String name, JsonNode volume) {
        return volume.has("emptyDir")
                && pod.allContainers()
                        .filter(container ->
                                !edit.earlier().list(container.list()).contains(container.name()))
                        .flatMap(container -> container.volumeMounts().stream())
                        .anyMatch(mount -> mount.volume().equals(name));
    }

    /** Whether the secret had to be added. */
    boolean addSecret(JsonNode secret) {
        String name = secret.path("name").asText();
        if (Presence.holdsIn(pod.spec("imagePullSecrets"), secret)) {
            carry(edit.earlier().imagePullSecrets, edit.status().imagePullSecrets, name);
            return false;
        }
        if (edit.claim("secret " + name, secret).isPresent()) {
            return false;
        }
        edit.patch().append(SECRETS, secret);
        edit.status().imagePullSecrets.add(name);
        return true;
    }

    /** Whether the label had to be added. */
    boolean addLabel(String profile, String name, String value) {
        if (pod.labels().containsKey(name)) {
            boolean ours = carry(edit.earlier().labels, edit.status().labels, name);
            keepOther(ours, "label " + name, value, pod.labels().get(name));
            return false;
        }
        if (givesWay(profile, "label " + name, value)) {
            return false;
        }
        edit.patch().put(LABELS, name, TextNode.valueOf(value));
        edit.status().labels.add(name);
        return true;
    }

    /** Whether the annotation had to be added. */
    boolean addAnnotation(String profile, String name, String value) {
        if (pod.annotations().containsKey(name)) {
            boolean ours = carry(edit.earlier().annotations, edit.status().annotations, name);
            keepOther(ours, "annotation " + name, value, pod.annotations().get(name));
            return false;
        }
        if (givesWay(profile, "annotation " + name, value)) {
            return false;
        }
        put(name, value);
        return true;
    }

    /** A file's content is always what the profile says now; nobody but Pillion writes such an annotation. */
    void addFile(String annotation, String content) throws Denial {
        String present = pod.annotations().get(annotation);
        boolean ours = carry(edit.earlier().annotations, edit.status().annotations, annotation);
        if (present != null && !present.equals(content) && !ours) {
            throw new Denial(Code.NAME_TAKEN, "annotation " + annotation + " is Pillion's own to write; remove it");
        }
        if (!content.equals(present)) {
            put(annotation, content);
        }
    }

    /** Says where {@code kubectl exec} goes in a Pod that has had one container until now. */
    void nameDefaultContainer() {
        if (pod.containers().size() == 1) {
            addAnnotation(
                    "pillion",
                    Annotations.DEFAULT_CONTAINER,
                    pod.containers().getFirst().name());
        }
    }

    /** Writes the status, and what the cluster autoscaler reads, if anything was added at all. */
    void finish(Map<String, Status.Given> given) throws Denial {
        if (!edit.isChanged()) {
            return;
        }
        letEvict();
        carryOwnAnnotations();
        edit.patch().ensureMap(ANNOTATIONS);
        edit.noteCreated();
        edit.status().profiles.putAll(given);
        String status = edit.status().toJson();
        edit.patch().put(ANNOTATIONS, Annotations.STATUS, TextNode.valueOf(status));
        String before = pod.annotations().get(Annotations.STATUS);
        annotationBytes += bytes(status) + (before == null ? bytes(Annotations.STATUS) : -bytes(before));
        if (annotationBytes > MAX_ANNOTATION_BYTES) {
            throw new Denial(
                    Code.ANNOTATIONS_TOO_LARGE,
                    "the Pod's annotations would have " + annotationBytes
                            + " bytes with what is injected; Kubernetes allows " + MAX_ANNOTATION_BYTES);
        }
    }

    /** The autoscaler moves no Pod with volumes on the node, unless it is told which of them may be lost. */
    private void letEvict() {
        String present = pod.annotations().getOrDefault(Annotations.SAFE_TO_EVICT, "");
        List<String> known =
                Arrays.stream(present.split(",", -1)).map(String::strip).toList();
        edit.status().volumes.forEach(name -> carry(edit.earlier().safeToEvict, edit.status().safeToEvict, name));
        List<String> missing =
                emptyDirs.stream().filter(name -> !known.contains(name)).toList();
        if (missing.isEmpty()) {
            return;
        }
        String added = String.join(",", missing);
        edit.status().safeToEvict.addAll(missing);
        if (pod.annotations().containsKey(Annotations.SAFE_TO_EVICT)) {
            String merged = present.isEmpty() ? added : present + "," + added;
            edit.patch().put(ANNOTATIONS, Annotations.SAFE_TO_EVICT, TextNode.valueOf(merged));
            annotationBytes += bytes(added) + 1;
        } else {
            put(Annotations.SAFE_TO_EVICT, added);
        }
    }

    private void carryOwnAnnotations() {
        for (String name : List.of(Annotations.SAFE_TO_EVICT, Annotations.DEFAULT_CONTAINER)) {
            carry(edit.earlier().annotations, edit.status().annotations, name);
        }
    }

    private void put(String name, String value) {
        edit.patch().put(ANNOTATIONS, name, TextNode.valueOf(value));
        edit.status().annotations.add(name);
        annotationBytes += bytes(name) + bytes(value);
    }

    /** Whether another profile was first. */
    private boolean givesWay(String profile, String what, String value) {
        Optional<JsonNode> other = edit.claim(what, TextNode.valueOf(value));
        if (other.isPresent() && !other.get().asText().equals(value)) {
            edit.keep(Code.METADATA_KEPT, "the " + what + " of profile " + profile + " gives way to another profile's");
        }
        return other.isPresent();
    }

    private void keepOther(
            boolean ours, String what, String wanted, @org.jspecify.annotations.Nullable String present) {
        if (!ours && !wanted.equals(present)) {
            edit.keep(Code.METADATA_KEPT, "the Pod keeps its own " + what);
        }
    }

    private static boolean carry(Set<String> earlier, Set<String> now, String name) {
        if (earlier.contains(name)) {
            now.add(name);
        }
        return earlier.contains(name);
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
