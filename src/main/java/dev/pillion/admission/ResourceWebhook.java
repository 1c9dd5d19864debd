package dev.pillion.admission;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.admission.AdmissionResponse.Denial;
import dev.pillion.catalog.Catalog;
import dev.pillion.catalog.lint.Linter;
import dev.pillion.catalog.resource.CatalogResource;
import dev.pillion.catalog.resource.CatalogResource.Id;
import dev.pillion.catalog.resource.CatalogResource.Kind;
import dev.pillion.catalog.resource.Deletion;
import dev.pillion.catalog.resource.ResourceCatalog;
import dev.pillion.catalog.resource.ResourceStatus;
import dev.pillion.injection.reason.Reason;
import dev.pillion.injection.reason.ReasonCode;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Denies a profile or a policy that does not compile, or that would break a policy in force. The message lists everything that is wrong. Denies
 * one that would deny existing Pods, unless an annotation acknowledges that. Denies the deletion of a profile that policies grant, unless an
 * annotation of the profile allows it. Thread-safe.
 */
public final class ResourceWebhook {

    private static final Set<String> OPERATIONS = Set.of("CREATE", "UPDATE", "DELETE");

    /** An annotation. With the value {@code "true"}, the profile may be deleted although policies grant it. */
    public static final String ALLOW_DELETION = "pillion.dev/allow-deletion";

    /** Nobody reads more. {@code pillion check} shows all of them. */
    private static final int MOST_WARNINGS = 5;

    private final DryRun dryRun;
    private final DenialGuard guard;
    private final InstantSource clock;

    public ResourceWebhook(DryRun dryRun, ExistingPods pods, InstantSource clock) {
        this.dryRun = dryRun;
        this.guard = new DenialGuard(pods);
        this.clock = clock;
    }

    /** Computes the effect of a change without making it. */
    public interface DryRun {

        /** The catalog that would be in force if this resource were created or updated. */
        ResourceCatalog with(CatalogResource changed);

        /** The effect on policies if this profile were deleted. */
        Deletion deletionOf(Id profile);
    }

    public ReviewOutcome review(AdmissionRequest request) {
        if (request.unreadable().isPresent() && request.resource().startsWith(CatalogResource.GROUP + "/")) {
            Reason reason = request.unreadable().get();
            return denied(request.uid(), reason.code(), Denial.invalid(Sentences.withCode(reason)));
        }
        Optional<Kind> kind = kind(request);
        if (kind.isEmpty()) {
            return allowed(request.uid(), ReasonCode.NOT_A_RESOURCE, List.of());
        }
        if (request.operation().equals("DELETE")) {
            return reviewDeletion(request, kind.get());
        }
        if (leavesSpecUnchanged(request)) {
            return allowed(request.uid(), ReasonCode.COMPILED, List.of());
        }
        CatalogResource resource = CatalogResource.of(kind.get(), request.object());
        ResourceCatalog changed = dryRun.with(resource);
        ResourceStatus status = changed.statuses().get(resource.id());
        return status == null || status.compiled()
                ? compiled(request, resource, changed.catalog())
                : denied(request.uid(), resource, status);
    }

    private ReviewOutcome compiled(AdmissionRequest request, CatalogResource resource, Catalog changed) {
        Instant now = clock.instant();
        DenialGuard.Result checked = guard.check(resource.id(), changed.at(now), request);
        if (checked.denial().isPresent()) {
            return denied(
                    request.uid(),
                    ReasonCode.DENIES_EXISTING_PODS,
                    Denial.conflict(checked.denial().get()));
        }
        List<String> warnings = new ArrayList<>(checked.warnings());
        Linter.lint(resource, changed, now).stream()
                .limit(MOST_WARNINGS)
                .map(lint -> lint.rule().id() + ": " + lint.path() + ": " + lint.message())
                .forEach(warnings::add);
        return allowed(request.uid(), ReasonCode.COMPILED, warnings);
    }

    private static Optional<Kind> kind(AdmissionRequest request) {
        String prefix = CatalogResource.GROUP + "/";
        boolean applies = request.resource().startsWith(prefix)
                && request.subResource().isEmpty()
                && OPERATIONS.contains(request.operation())
                && subject(request).isObject();
        return applies ? Kind.ofPlural(request.resource().substring(prefix.length())) : Optional.empty();
    }

    /** A DELETE review has only the old object. */
    private static JsonNode subject(AdmissionRequest request) {
        return request.operation().equals("DELETE") ? request.oldObject() : request.object();
    }

    private ReviewOutcome reviewDeletion(AdmissionRequest request, Kind kind) {
        JsonNode metadata = request.oldObject().path("metadata");
        boolean allowed =
                metadata.path("annotations").path(ALLOW_DELETION).asText().equals("true");
        if (kind != Kind.PROFILE) {
            return allowed(request.uid(), ReasonCode.COMPILED, List.of());
        }
        Id id = new Id(kind, metadata.path("name").asText());
        Deletion deletion = dryRun.deletionOf(id);
        if (!allowed && !deletion.broken().isEmpty()) {
            return denied(
                    request.uid(),
                    ReasonCode.PROFILE_IN_USE,
                    Denial.conflict(id + " is named by " + named(deletion.broken()) + " (" + ReasonCode.PROFILE_IN_USE
                            + "); change or delete them first, or set the annotation " + ALLOW_DELETION
                            + ": \"true\" on the profile"));
        }
        List<String> warnings = new ArrayList<>();
        if (!deletion.broken().isEmpty()) {
            warnings.add(id + " is deleted; in strict namespaces, Pods that need it by " + named(deletion.broken())
                    + " are denied");
        }
        if (!deletion.switched().isEmpty()) {
            warnings.add(id + " is deleted; the one that is built in or in the directory now applies to "
                    + named(deletion.switched()));
        }
        warnings.addAll(guard.leftBehind(id));
        return allowed(request.uid(), ReasonCode.COMPILED, warnings);
    }

    private static String named(List<String> policies) {
        int rest = policies.size() - MOST_WARNINGS;
        String named = policies.stream().limit(MOST_WARNINGS).collect(Collectors.joining(", "));
        return (policies.size() == 1 ? "policy " : "policies ") + named + (rest > 0 ? " and " + rest + " more" : "");
    }

    /** Such an update is always allowed. Otherwise no finalizer could be removed from a resource that does not compile. */
    private static boolean leavesSpecUnchanged(AdmissionRequest request) {
        JsonNode before = request.oldObject();
        return request.object().path("metadata").hasNonNull("deletionTimestamp")
                || (before.isObject()
                        && before.path("spec").equals(request.object().path("spec")));
    }

    private static ReviewOutcome allowed(String uid, ReasonCode code, List<String> warnings) {
        return ReviewOutcome.of(AdmissionResponse.allowed(uid, Warnings.ofTexts(warnings), Map.of()), code);
    }

    private static ReviewOutcome denied(String uid, CatalogResource resource, ResourceStatus status) {
        String message =
                resource.id() + " does not compile (" + ReasonCode.NOT_COMPILED + "):\n" + status.problemText();
        return denied(uid, ReasonCode.NOT_COMPILED, Denial.invalid(message));
    }

    private static ReviewOutcome denied(String uid, ReasonCode code, Denial denial) {
        return ReviewOutcome.of(AdmissionResponse.denied(uid, denial, Map.of()), code);
    }
}
