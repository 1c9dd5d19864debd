package dev.pillion.admission.cache;

import dev.pillion.admission.cache.VolatileField.Kind;
import dev.pillion.expression.FieldPath;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A place in a review at which controllers or the API server write such texts. This is the only list of what may vary.
 *
 * @param pointer the JSON Pointers of the place
 * @param lastName the name of the field; empty for an element of a list
 * @param content what is at the place
 * @param paths the place in expressions
 */
record VolatilePlace(Pattern pointer, String lastName, Content content, List<FieldPath> paths) {

    /** The start of the name of the volume with the ServiceAccount's token. Five random letters and digits follow. */
    private static final String TOKEN_PREFIX = "kube-api-access-";

    private static final Pattern TOKEN_VOLUME = Pattern.compile(Pattern.quote(TOKEN_PREFIX) + "[a-z0-9]{5}");

    private static final String METADATA = "/request/object/metadata/";
    private static final String SPEC = "/request/object/spec/";

    static final VolatilePlace MANAGED_FIELDS =
            place(METADATA + "managedFields/[0-9]+/time", new Whole(Kind.TIME), "pod.metadata.managedFields");

    private static final List<VolatilePlace> ALL = Stream.of(
                    place("/request/uid", new Whole(Kind.REVIEW_UID)),
                    place("/request/name", new Composed(), "pod.metadata.name"),
                    place(METADATA + "name", new Composed(), "pod.metadata.name"),
                    place(METADATA + "generateName", new Composed(), "pod.metadata.generateName"),
                    place(METADATA + "uid", new Whole(Kind.POD_UID), "pod.metadata.uid"),
                    place(METADATA + "creationTimestamp", new Whole(Kind.TIME), "pod.metadata.creationTimestamp"),
                    MANAGED_FIELDS,
                    place(METADATA + "ownerReferences/0/name", new Composed(), "pod.metadata.ownerReferences"),
                    place(METADATA + "ownerReferences/0/uid", new JobUid(), "pod.metadata.ownerReferences"),
                    label("statefulset.kubernetes.io/pod-name", new Composed()),
                    label("apps.kubernetes.io/pod-index", new Composed()),
                    label("job-name", new Composed()),
                    label("batch.kubernetes.io/job-name", new Composed()),
                    label("controller-uid", new JobUid()),
                    label("batch.kubernetes.io/controller-uid", new JobUid()),
                    label("batch.kubernetes.io/job-completion-index", new JobIndex()),
                    place(
                            METADATA + "annotations/batch.kubernetes.io~1job-completion-index",
                            new JobIndex(),
                            "pod.metadata.annotations"),
                    place(SPEC + "hostname", new Composed(), "pod.spec.hostname"),
                    place(SPEC + "volumes/[0-9]+/persistentVolumeClaim/claimName", new Composed(), "pod.spec.volumes"),
                    place(
                            SPEC + "affinity/nodeAffinity/requiredDuringSchedulingIgnoredDuringExecution"
                                    + "/nodeSelectorTerms/[0-9]+/matchFields/[0-9]+/values/0",
                            new Whole(Kind.NODE_NAME),
                            "pod.spec.affinity"),
                    place(SPEC + "volumes/[0-9]+/name", new TokenVolume(), "pod.spec.volumes"),
                    place(
                            SPEC + "(initContainers|containers|ephemeralContainers)/[0-9]+/volumeMounts/[0-9]+/name",
                            new TokenVolume(),
                            "pod.spec.initContainers",
                            "pod.spec.containers",
                            "pod.spec.ephemeralContainers",
                            "app.volumeMounts"))
            .toList();

    private static final Map<String, List<VolatilePlace>> BY_NAME =
            ALL.stream().collect(Collectors.groupingBy(VolatilePlace::lastName));

    private static final Set<String> LABELS = ALL.stream()
            .filter(place -> place.isRead(Set.of(FieldPath.of("pod.metadata.labels"))))
            .map(VolatilePlace::lastName)
            .collect(Collectors.toUnmodifiableSet());

    /** What is at a place. */
    sealed interface Content {

        /** @param from the index of the text in the review */
        List<VolatileField> fields(String text, int from, WorkloadTexts texts);
    }

    record Whole(Kind kind) implements Content {
        @Override
        public List<VolatileField> fields(String text, int from, WorkloadTexts texts) {
            return text.isEmpty() ? List.of() : List.of(new VolatileField(kind, from, from + text.length()));
        }
    }

    record Composed() implements Content {
        @Override
        public List<VolatileField> fields(String text, int from, WorkloadTexts texts) {
            return texts.in(text, from);
        }
    }

    record JobUid() implements Content {
        @Override
        public List<VolatileField> fields(String text, int from, WorkloadTexts texts) {
            return text.equals(texts.jobUid()) ? new Whole(Kind.JOB_UID).fields(text, from, texts) : List.of();
        }
    }

    record JobIndex() implements Content {
        @Override
        public List<VolatileField> fields(String text, int from, WorkloadTexts texts) {
            return text.equals(texts.jobIndex()) ? new Whole(Kind.JOB_INDEX).fields(text, from, texts) : List.of();
        }
    }

    record TokenVolume() implements Content {
        @Override
        public List<VolatileField> fields(String text, int from, WorkloadTexts texts) {
            return TOKEN_VOLUME.matcher(text).matches()
                    ? List.of(new VolatileField(Kind.TOKEN_VOLUME, from + TOKEN_PREFIX.length(), from + text.length()))
                    : List.of();
        }
    }

    private static VolatilePlace place(String pointer, Content content, String... paths) {
        String name = pointer.substring(pointer.lastIndexOf('/') + 1).replace("~1", "/");
        return new VolatilePlace(
                Pattern.compile(pointer),
                name.equals("0") ? "" : name,
                content,
                Arrays.stream(paths).map(FieldPath::of).toList());
    }

    private static VolatilePlace label(String key, Content content) {
        return new VolatilePlace(
                Pattern.compile(Pattern.quote(METADATA + "labels/" + key.replace("/", "~1"))),
                key,
                content,
                List.of(new FieldPath(List.of("pod", "metadata", "labels", key))));
    }

    /**
     * The place of a text.
     *
     * @param name of the field that has the text; empty for an element of a list
     * @param pointer of the text
     */
    static Optional<VolatilePlace> of(String name, Supplier<String> pointer) {
        return BY_NAME.getOrDefault(name, List.of()).stream()
                .filter(place -> place.pointer.matcher(pointer.get()).matches())
                .findFirst();
    }

    /** Whether controllers write this label. */
    static boolean isLabel(String key) {
        return LABELS.contains(key);
    }

    /** Whether an expression or a policy reads the place. */
    boolean isRead(Set<FieldPath> read) {
        return paths.stream().anyMatch(path -> read.stream().anyMatch(path::overlaps));
    }
}
