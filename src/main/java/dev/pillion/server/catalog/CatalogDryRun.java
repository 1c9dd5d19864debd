package dev.pillion.server.catalog;

import dev.pillion.admission.ResourceWebhook;
import dev.pillion.catalog.compile.Problem;
import dev.pillion.catalog.resource.CatalogResource;
import dev.pillion.catalog.resource.CatalogResource.Id;
import dev.pillion.catalog.resource.Deletion;
import dev.pillion.catalog.resource.ResourceCatalog;
import dev.pillion.catalog.resource.ResourceStatus;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Compiles a changed resource with the last known resources, which may be newer than the catalog in force. A policy that is applied right after
 * its profile may arrive before the watch shows the profile, so this waits up to a second.
 */
public final class CatalogDryRun implements ResourceWebhook.DryRun {

    private static final Duration MAX_WAIT = Duration.ofSeconds(1);
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
        ResourceCatalog result = catalog.with(changed, others.get());
        while (namesMissingProfile(result.statuses().get(changed.id()))
                && System.nanoTime() - start < MAX_WAIT.toNanos()
                && paused()) {
            result = catalog.with(changed, others.get());
        }
        return result;
    }

    /** Waits up to a second: the watch may still show a policy that was deleted right before its profile. */
    @Override
    public Deletion deletionOf(Id profile) {
        long start = System.nanoTime();
        Deletion deletion = catalog.deletionOf(profile, others.get());
        while (!deletion.broken().isEmpty() && System.nanoTime() - start < MAX_WAIT.toNanos() && paused()) {
            deletion = catalog.deletionOf(profile, others.get());
        }
        return deletion;
    }

    private static boolean namesMissingProfile(@Nullable ResourceStatus status) {
        return status != null && status.problems().stream().anyMatch(Problem::isMissingProfile);
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
