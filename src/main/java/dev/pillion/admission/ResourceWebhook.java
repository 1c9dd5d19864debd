package dev.pillion.admission;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.admission.AdmissionResponse.Refusal;
import dev.pillion.catalog.Lint;
import dev.pillion.catalog.Linter;
import dev.pillion.catalog.Resource;
import dev.pillion.catalog.Resource.Kind;
import dev.pillion.catalog.ResourceCatalog;
import dev.pillion.catalog.Verdict;
import dev.pillion.injection.Code;
import dev.pillion.injection.Plan;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Refuses a profile or a policy that does not compile, or that policies in force would not compile against any more, and says all that is
 * wrong with it. Thread-safe; reads nothing but what it is handed.
 */
public final class ResourceWebhook {

    private static final Set<String> OPERATIONS = Set.of("CREATE", "UPDATE");

    /** More would be read by nobody; {@code pillion check} has them all. */
    private static final int MOST_WARNINGS = 5;

    private final Function<Resource, ResourceCatalog> rehearsal;

    /** @param rehearsal the catalog that would be in force if a resource were made or changed */
    public ResourceWebhook(Function<Resource, ResourceCatalog> rehearsal) {
        this.rehearsal = rehearsal;
    }

    public AdmissionResponse review(AdmissionRequest request) {
        Optional<Kind> kind = kind(request);
        if (kind.isEmpty()) {
            return allowed(request.uid(), Code.NOT_A_RESOURCE, List.of());
        }
        if (isNotTheUsersDoing(request)) {
            return allowed(request.uid(), Code.COMPILED, List.of());
        }
        Resource resource = Resource.of(kind.get(), request.object());
        ResourceCatalog rehearsed = rehearsal.apply(resource);
        Verdict verdict = rehearsed.verdicts().get(resource.id());
        return verdict == null || verdict.compiled()
                ? allowed(request.uid(), Code.COMPILED, Linter.lint(resource, rehearsed.catalog()))
                : refused(request.uid(), resource, verdict);
    }

    private static Optional<Kind> kind(AdmissionRequest request) {
        String prefix = Resource.GROUP + "/";
        boolean concerned = request.resource().startsWith(prefix)
                && request.subResource().isEmpty()
                && OPERATIONS.contains(request.operation())
                && request.object().isObject();
        return concerned ? Kind.ofPlural(request.resource().substring(prefix.length())) : Optional.empty();
    }

    /** What is on its way out, or keeps its spec, must be let through: refused, a finalizer could never be taken off a broken one. */
    private static boolean isNotTheUsersDoing(AdmissionRequest request) {
        JsonNode before = request.oldObject();
        return request.object().path("metadata").hasNonNull("deletionTimestamp")
                || (before.isObject()
                        && before.path("spec").equals(request.object().path("spec")));
    }

    private static AdmissionResponse allowed(String uid, Code code, List<Lint> lints) {
        List<String> warnings = lints.stream()
                .limit(MOST_WARNINGS)
                .map(lint -> lint.rule().id() + ": " + lint.path() + ": " + lint.message())
                .toList();
        return new AdmissionResponse(
                uid, code, Plan.empty(), Optional.empty(), Optional.empty(), Warnings.ofTexts(warnings), Map.of());
    }

    private static AdmissionResponse refused(String uid, Resource resource, Verdict verdict) {
        String message = resource.id() + " does not compile (" + Code.NOT_COMPILED + "):\n" + verdict.complaint();
        return new AdmissionResponse(
                uid,
                Code.NOT_COMPILED,
                Plan.empty(),
                Optional.of(new Refusal(422, "Invalid", message)),
                Optional.empty(),
                List.of(),
                Map.of());
    }
}
