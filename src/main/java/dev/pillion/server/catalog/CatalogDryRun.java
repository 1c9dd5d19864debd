package dev.pillion.server.catalog;

import dev.pillion.admission.ResourceWebhook;
import dev.pillion.catalog.resource.CatalogResource;
import dev.pillion.catalog.resource.CatalogResource.Id;
import dev.pillion.catalog.resource.CatalogResource.Kind;
import dev.pillion.catalog.resource.Deletion;
import dev.pillion.catalog.resource.ResourceCatalog;
import dev.pillion.catalog.resource.ResourceStatus;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;

/**
 * Tries a resource out beside those that there are: the ones last heard of, which may be a moment newer than the catalog in force. A
 * policy that is applied right after its profile may yet be quicker than the news of that, so it is given a second.
 */
public final class CatalogDryRun implements ResourceWebhook.DryRun {

    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final Duration PAUSE = Duration.ofMillis(50);

    private final CurrentCatalog catalog;
    private final Supplier<? extends Collection<CatalogResource>> others;

    public CatalogDryRun(CurrentCatalog catalog, CatalogResources resources) {
        this.catalog = catalog;
        this.others = switch (resources) {
            case CatalogResources.Unwatched unwatched -> List::of;
            case CatalogResources.Watched known -> known.watched()::known;
        };
    }

    @Override
    public ResourceCatalog with(CatalogResource changed) {
        long start = System.nanoTime();
        ResourceCatalog rehearsed = catalog.with(changed, others.get());
        while (lacksAProfile(rehearsed.statuses().get(changed.id()), changed)
                && System.nanoTime() - start < PATIENCE.toNanos()
                && paused()) {
            rehearsed = catalog.with(changed, others.get());
        }
        return rehearsed;
    }

    /** A policy that was deleted right before its profile may yet be among those last heard of. */
    @Override
    public Deletion deletionOf(Id profile) {
        long start = System.nanoTime();
        Deletion deletion = catalog.deletionOf(profile, others.get());
        while (!deletion.broken().isEmpty() && System.nanoTime() - start < PATIENCE.toNanos() && paused()) {
            deletion = catalog.deletionOf(profile, others.get());
        }
        return deletion;
    }

    private static boolean lacksAProfile(
            @org.jspecify.annotations.Nullable ResourceStatus verdict, CatalogResource changed) {
        return verdict != null
                && changed.id().kind() == Kind.POLICY
                && verdict.problems().stream()
                        .anyMatch(problem -> problem.path().matches("spec\\.profiles\\[\\d+]\\.name"));
    }

    private static boolean paused() {
        try {
            Thread.sleep(PAUSE);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
