package dev.pillion.cli.plan;

import dev.pillion.catalog.Catalog;
import dev.pillion.catalog.compile.CatalogReader;
import dev.pillion.catalog.resource.CatalogResource;
import dev.pillion.catalog.resource.CatalogResource.Id;
import dev.pillion.catalog.resource.HistoryRule;
import dev.pillion.catalog.resource.ResourceCatalog;
import dev.pillion.cli.live.NotCompiled;
import dev.pillion.cli.manifest.UnusableInputException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The catalog of the cluster, and the catalog that it would have with other resources.
 *
 * @param before the profiles and policies that are in force
 * @param after those that would be in force
 * @param broken resources that compile now and would not compile any more
 * @param brokenBefore resources that do not compile now
 */
record PlannedCatalogs(Catalog before, Catalog after, List<NotCompiled> broken, List<NotCompiled> brokenBefore) {

    /**
     * @param prune whether the files are the whole catalog, so that other resources of the cluster are deleted
     * @param now policies that have ended then are not in force
     */
    static PlannedCatalogs of(ResourceCatalog current, CatalogFiles files, boolean prune, Instant now)
            throws UnusableInputException {
        Catalog builtIn = CatalogReader.builtIn();
        List<CatalogResource> changed = files.resources(prune ? builtIn : current.catalog());
        List<CatalogResource> resources = new ArrayList<>(changed);
        if (!prune) {
            Set<Id> replaced = changed.stream().map(CatalogResource::id).collect(Collectors.toSet());
            current.resources().stream()
                    .filter(resource -> !replaced.contains(resource.id()))
                    .forEach(resources::add);
        }
        // Files have no status, so the earlier generations are those of the current catalog.
        ResourceCatalog next = current.with(builtIn, resources, HistoryRule.LEADING);
        List<NotCompiled> brokenBefore = NotCompiled.in(current);
        Set<String> known = brokenBefore.stream().map(NotCompiled::name).collect(Collectors.toSet());
        Set<String> written =
                changed.stream().map(resource -> resource.id().toString()).collect(Collectors.toSet());
        List<NotCompiled> broken = NotCompiled.in(next).stream()
                .filter(each -> written.contains(each.name()) || !known.contains(each.name()))
                .toList();
        return new PlannedCatalogs(current.catalog().at(now), next.catalog().at(now), broken, brokenBefore);
    }
}
