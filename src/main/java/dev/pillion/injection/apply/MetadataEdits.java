package dev.pillion.injection.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.pillion.injection.plan.RenderedProfile.Chosen;
import dev.pillion.injection.plan.Status;
import dev.pillion.injection.reason.Annotations;
import dev.pillion.injection.reason.DeniedException;
import dev.pillion.injection.reason.ProfileRequest;
import dev.pillion.injection.reason.ReasonCode;
import dev.pillion.patch.Pointer;
import dev.pillion.pod.AnnotationSize;
import dev.pillion.pod.Pod;
import dev.pillion.pod.ReviewLimits;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Adds labels, annotations, the content of files, and the status to the Pod's metadata.
 *
 * <p>It has more than 200 lines because all annotations count towards one limit on their size.
 */
final class MetadataEdits {

    private static final Pointer LABELS = Pointer.of("metadata", "labels");
    private static final Pointer ANNOTATIONS = Pointer.of("metadata", "annotations");

    private final PodEdit edit;
    private final Pod pod;
    private long annotationBytes;

    MetadataEdits(PodEdit edit) {
        this.edit = edit;
        this.pod = edit.pod();
        annotationBytes = AnnotationSize.of(pod.annotations());
    }

    /** Whether the label was added. */
    boolean addLabel(Chosen chosen, String name, String value) {
        if (!isFree(
                Optional.of(chosen),
                AddedParts.label(name),
                name,
                value,
                pod.labels(),
                edit.earlier().labels(),
                edit.status().labels)) {
            return false;
        }
        edit.patch().put(LABELS, name, TextNode.valueOf(value));
        edit.status().labels.add(name);
        edit.record(AddedParts.METADATA, AddedParts.label(name), AdditionHash.ofText(value));
        return true;
    }

    /** Whether the annotation was added. */
    boolean addAnnotation(Chosen chosen, String name, String value) {
        return addAnnotation(Optional.of(chosen), name, value);
    }

    private boolean addAnnotation(Optional<Chosen> chosen, String name, String value) {
        if (!isFree(
                chosen,
                AddedParts.annotation(name),
                name,
                value,
                pod.annotations(),
                edit.earlier().annotations(),
                edit.status().annotations)) {
            return false;
        }
        put(name, value);
        if (chosen.isPresent()) {
            edit.record(AddedParts.METADATA, AddedParts.annotation(name), AdditionHash.ofText(value));
        }
        return true;
    }

    /**
     * Adds the content of a file. Only Pillion writes such annotations, so a changed content is replaced. The unchanged content of an earlier pass
     * stays if the companions of that pass stay, because a file and its container must come from the same rendering.
     *
     * @param keepsCompanions whether the Pod keeps all companions of the profile from an earlier pass
     */
    void addFile(Chosen chosen, String annotation, String content, boolean keepsCompanions) throws DeniedException {
        String present = pod.annotations().get(annotation);
        boolean ours = PodEdit.keepListed(edit.earlier().annotations(), edit.status().annotations, annotation);
        String part = AddedParts.annotation(annotation);
        if (present != null
                && ours
                && keepsCompanions
                && edit.recordsEarlier(AddedParts.METADATA, part, AdditionHash.ofText(present))) {
            edit.recordEarlier(AddedParts.METADATA, part, () -> AdditionHash.ofText(content));
            return;
        }
        if (present != null && !present.equals(content) && !ours) {
            throw DeniedException.of(
                    chosen.request(),
                    ReasonCode.NAME_TAKEN,
                    "annotation " + annotation + " is reserved for Pillion; remove it");
        }
        if (!content.equals(present)) {
            put(annotation, content);
        }
        if (ours || !content.equals(present)) {
            edit.record(AddedParts.METADATA, part, AdditionHash.ofText(content));
        }
    }

    /** Names the container that {@code kubectl exec} selects in a Pod that had one container. */
    void nameDefaultContainer() {
        if (pod.containers().size() == 1) {
            addAnnotation(
                    Optional.empty(),
                    Annotations.DEFAULT_CONTAINER,
                    pod.containers().getFirst().name());
        }
    }

    /**
     * Completes the status. If anything was added, also writes the status and the annotation for the cluster autoscaler.
     *
     * @param requests the requests for all profiles that are added
     * @param profiles the profiles that are added, by name
     * @param emptyDirs names of volumes that were added
     * @return what Pillion has added to the Pod once the patch is applied
     */
    Status finish(List<ProfileRequest> requests, Map<String, Status.Given> profiles, Set<String> emptyDirs)
            throws DeniedException {
        edit.status().profiles.putAll(profiles);
        edit.status()
                .volumes
                .forEach(name -> PodEdit.keepListed(edit.earlier().safeToEvict(), edit.status().safeToEvict, name));
        keepOwnAnnotationsListed();
        if (!edit.isChanged()) {
            return edit.status().build();
        }
        allowEviction(emptyDirs);
        edit.patch().ensureMap(ANNOTATIONS);
        edit.recordCreated();
        Status status = edit.status().build();
        String text = status.toJson();
        edit.patch().put(ANNOTATIONS, Annotations.STATUS, TextNode.valueOf(text));
        String before = pod.annotations().get(Annotations.STATUS);
        annotationBytes += AnnotationSize.of(text)
                + (before == null ? AnnotationSize.of(Annotations.STATUS) : -AnnotationSize.of(before));
        if (annotationBytes > ReviewLimits.ANNOTATION_BYTES) {
            throw DeniedException.of(
                    requests,
                    ReasonCode.ANNOTATIONS_TOO_LARGE,
                    "the Pod's annotations would then have " + annotationBytes + " bytes; Kubernetes allows "
                            + ReviewLimits.ANNOTATION_BYTES);
        }
        return status;
    }

    /** The cluster autoscaler evicts no Pod with volumes on the node unless an annotation lists them as safe to evict. */
    private void allowEviction(Set<String> emptyDirs) {
        String present = pod.annotations().getOrDefault(Annotations.SAFE_TO_EVICT, "");
        Set<String> missing = new LinkedHashSet<>(emptyDirs);
        for (String known : present.split(",", -1)) {
            missing.remove(known.strip());
        }
        if (missing.isEmpty()) {
            return;
        }
        String added = String.join(",", missing);
        edit.status().safeToEvict.addAll(missing);
        if (pod.annotations().containsKey(Annotations.SAFE_TO_EVICT)) {
            String merged = present.isEmpty() ? added : present + "," + added;
            edit.patch().put(ANNOTATIONS, Annotations.SAFE_TO_EVICT, TextNode.valueOf(merged));
            annotationBytes += AnnotationSize.of(added) + 1;
        } else {
            put(Annotations.SAFE_TO_EVICT, added);
        }
    }

    private void keepOwnAnnotationsListed() {
        for (String name : List.of(Annotations.SAFE_TO_EVICT, Annotations.DEFAULT_CONTAINER)) {
            PodEdit.keepListed(edit.earlier().annotations(), edit.status().annotations, name);
        }
    }

    private void put(String name, String value) {
        edit.patch().put(ANNOTATIONS, name, TextNode.valueOf(value));
        edit.status().annotations.add(name);
        annotationBytes += AnnotationSize.of(name, value);
    }

    /** Whether neither the Pod nor another profile sets the name. */
    private boolean isFree(
            Optional<Chosen> chosen,
            String part,
            String name,
            String value,
            Map<String, String> present,
            Set<String> earlier,
            Set<String> now) {
        String own = present.get(name);
        if (own != null) {
            if (PodEdit.keepListed(earlier, now, name)) {
                edit.recordEarlier(AddedParts.METADATA, part, () -> AdditionHash.ofText(value));
            } else if (!value.equals(own)) {
                keep(chosen, "the Pod keeps its own " + AddedParts.partInWords(part));
            }
            return false;
        }
        Optional<JsonNode> other = edit.claim(part, TextNode.valueOf(value));
        if (other.isPresent() && !other.get().asText().equals(value)) {
            keep(
                    chosen,
                    "its " + AddedParts.partInWords(part) + " is not added, because another profile takes precedence");
        }
        return other.isEmpty();
    }

    private void keep(Optional<Chosen> chosen, String what) {
        edit.keep(
                ReasonCode.METADATA_CONFLICT,
                chosen.map(each -> each.request().but(what)).orElse(what));
    }
}
