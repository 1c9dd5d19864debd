package dev.pillion.admission;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.admission.AdmissionResponse.Refusal;
import dev.pillion.catalog.lint.Lint;
import dev.pillion.catalog.lint.Linter;
import dev.pillion.catalog.resource.CatalogResource;
import dev.pillion.catalog.resource.CatalogResource.Id;
import dev.pillion.catalog.resource.CatalogResource.Kind;
import dev.pillion.catalog.resource.Deletion;
import dev.pillion.catalog.resource.ResourceCatalog;
import dev.pillion.catalog.resource.ResourceStatus;
import dev.pillion.injection.plan.Plan;
import dev.pillion.injection.reason.Reason;
import dev.pillion.injection.reason.ReasonCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Refuses a profile or a policy that does not compile, or that policies in force would not compile against any more, and says all that is
 * wrong with it. Refuses the deletion of a profile that policies grant, unless the profile says by an annotation that it may be deleted. Thread-safe; reads nothing but what it is handed.
 */
public final class ResourceWebhook {

    private static final Set<String> OPERATIONS = Set.of("CREATE", "UPDATE", "DELETE");

    /** With the value {@code "true"} on a profile: it may be deleted although policies grant it. */
    public static final String ALLOW_DELETION = "pillion.dev/allow-deletion";

    /** More would be read by nobody; {@code pillion check} has them all. */
    private static final int MOST_WARNINGS = 5;

    private final Trial trial;

    public ResourceWebhook(Trial trial) {
        this.trial = trial;
    }

    /** Finds out what a change would lead to. */
    public interface Trial {

        /** The catalog that would be in force if a resource were made or changed. */
        ResourceCatalog with(CatalogResource changed);

        /** What would become of the policies that grant a profile if it were deleted. */
        Deletion deletionOf(Id profile);
    }

    public AdmissionResponse review(AdmissionRequest request) {
        if (request.unreadable().isPresent() && request.resource().startsWith(CatalogResource.GROUP + "/")) {
            Reason reason = request.unreadable().get();
            return refusal(
                    request.uid(),
                    reason.code(),
                    new Refusal(422, "Invalid", reason.message() + " (" + reason.code() + ")"));
        }
        Optional<Kind> kind = kind(request);
        if (kind.isEmpty()) {
            return allowed(request.uid(), ReasonCode.NOT_A_RESOURCE, List.of());
        }
        if (request.operation().equals("DELETE")) {
            return reviewDeletion(request, kind.get());
        }
        if (isNotTheUsersDoing(request)) {
            return allowed(request.uid(), ReasonCode.COMPILED, List.of());
        }
        CatalogResource resource = CatalogResource.of(kind.get(), request.object());
        ResourceCatalog rehearsed = trial.with(resource);
        ResourceStatus verdict = rehearsed.statuses().get(resource.id());
        return verdict == null || verdict.compiled()
                ? allowed(request.uid(), ReasonCode.COMPILED, Linter.lint(resource, rehearsed.catalog()))
                : refused(request.uid(), resource, verdict);
    }

    private static Optional<Kind> kind(AdmissionRequest request) {
        String prefix = CatalogResource.GROUP + "/";
        boolean concerned = request.resource().startsWith(prefix)
                && request.subResource().isEmpty()
                && OPERATIONS.contains(request.operation())
                && subject(request).isObject();
        return concerned ? Kind.ofPlural(request.resource().substring(prefix.length())) : Optional.empty();
    }

    /** An object that is deleted is the old one; there is no new one. */
    private static JsonNode subject(AdmissionRequest request) {
        return request.operation().equals("DELETE") ? request.oldObject() : request.object();
    }

    private AdmissionResponse reviewDeletion(AdmissionRequest request, Kind kind) {
        JsonNode metadata = request.oldObject().path("metadata");
        boolean allowed =
                metadata.path("annotations").path(ALLOW_DELETION).asText().equals("true");
        if (kind != Kind.PROFILE) {
            return allowed(request.uid(), ReasonCode.COMPILED, List.of());
        }
        Id id = new Id(kind, metadata.path("name").asText());
        Deletion deletion = trial.deletionOf(id);
        if (!allowed && !deletion.broken().isEmpty()) {
            return refusal(
                    request.uid(),
                    ReasonCode.PROFILE_IN_USE,
                    new Refusal(
                            409,
                            "Conflict",
                            id + " is granted by " + named(deletion.broken()) + " (" + ReasonCode.PROFILE_IN_USE
                                    + "); change or delete them first, or set the annotation " + ALLOW_DELETION
                                    + ": \"true\" on the profile"));
        }
        List<String> warnings = new ArrayList<>();
        if (!deletion.broken().isEmpty()) {
            warnings.add(
                    id + " is gone, and " + named(deletion.broken())
                            + " cannot provide it any more; where they enforce it, strict namespaces refuse the Pods that they are for");
        }
        if (!deletion.switched().isEmpty()) {
            warnings.add(named(deletion.switched()) + " from now on give the profile '" + id.name()
                    + "' that is built in or in the directory");
        }
        return allowedWith(request.uid(), ReasonCode.COMPILED, warnings);
    }

    private static String named(List<String> policies) {
        int rest = policies.size() - MOST_WARNINGS;
        String named = policies.stream().limit(MOST_WARNINGS).collect(Collectors.joining(", "));
        return (policies.size() == 1 ? "policy " : "policies ") + named + (rest > 0 ? " and " + rest + " more" : "");
    }

    /** What is on its way out, or keeps its spec, must be let through: refused, a finalizer could never be taken off a broken one. */
    private static boolean isNotTheUsersDoing(AdmissionRequest request) {
        JsonNode before = request.oldObject();
        return request.object().path("metadata").hasNonNull("deletionTimestamp")
                || (before.isObject()
                        && before.path("spec").equals(request.object().path("spec")));
    }

    private static AdmissionResponse allowed(String uid, ReasonCode code, List<Lint> lints) {
        List<String> warnings = lints.stream()
                .limit(MOST_WARNINGS)
                .map(lint -> lint.rule().id() + ": " + lint.path() + ": " + lint.message())
                .toList();
        return allowedWith(uid, code, warnings);
    }

    private static AdmissionResponse allowedWith(String uid, ReasonCode code, List<String> warnings) {
        return new AdmissionResponse(
                uid, code, Plan.empty(), Optional.empty(), Optional.empty(), Warnings.ofTexts(warnings), Map.of());
    }

    private static AdmissionResponse refused(String uid, CatalogResource resource, ResourceStatus verdict) {
        String message =
                resource.id() + " does not compile (" + ReasonCode.NOT_COMPILED + "):\n" + verdict.problemText();
        return refusal(uid, ReasonCode.NOT_COMPILED, new Refusal(422, "Invalid", message));
    }

    private static AdmissionResponse refusal(String uid, ReasonCode code, Refusal refusal) {
        return new AdmissionResponse(
                uid, code, Plan.empty(), Optional.of(refusal), Optional.empty(), List.of(), Map.of());
    }
}
