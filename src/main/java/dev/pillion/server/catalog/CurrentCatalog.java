package dev.pillion.server.catalog;

import dev.pillion.catalog.Catalog;
import dev.pillion.catalog.Policy;
import dev.pillion.catalog.UnmetRequirement;
import dev.pillion.catalog.compile.CatalogReader;
import dev.pillion.catalog.compile.InvalidCatalogException;
import dev.pillion.catalog.compile.Problem;
import dev.pillion.catalog.resource.CatalogResource;
import dev.pillion.catalog.resource.CatalogResource.Id;
import dev.pillion.catalog.resource.Deletion;
import dev.pillion.catalog.resource.HistoryRule;
import dev.pillion.catalog.resource.PinnedGeneration;
import dev.pillion.catalog.resource.ResourceCatalog;
import dev.pillion.catalog.resource.ResourceStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * The catalog in force: the resources of the cluster over the profiles of a directory. It is replaced as a whole when one of them changes. A
 * directory that is invalid is not used, and its last good state stays; of the resources, each stays at its own last good version. {@link #get}
 * performs no I/O.
 *
 * <p>Over 200 lines because the directory and the resources change the same state.
 */
public final class CurrentCatalog implements Supplier<Catalog> {

    private static final Logger LOG = Logger.getLogger(CurrentCatalog.class);

    private final Optional<Path> directory;
    private final Reader reader;
    private final InstantSource clock;
    private final AtomicLong reloads = new AtomicLong();
    private final AtomicLong errors = new AtomicLong();
    private volatile ResourceCatalog current;
    /** The catalog without the policies that have ended. */
    private volatile Catalog inForce;

    private volatile Instant since = Instant.now();
    /** Why the last attempt to read the directory failed. */
    private volatile Optional<String> unreadable = Optional.empty();

    /** Why the files that were read last are invalid. */
    private volatile Optional<String> invalid = Optional.empty();

    /** Held while the directory is read. Reading can take long, and must not delay a change of the resources or the end of a policy. */
    private final Object reading = new Object();

    private List<String> seen;
    private Catalog ofDirectory;
    private Collection<CatalogResource> resources = List.of();
    private HistoryRule histories = HistoryRule.FOLLOWING;

    /** Reads the profiles and policies of a directory. */
    interface Reader {
        Catalog read(Path directory) throws IOException, InvalidCatalogException;
    }

    /**
     * Reads the first catalog.
     *
     * @throws InvalidCatalogException if the directory is invalid
     */
    public CurrentCatalog(Optional<Path> directory) throws IOException, InvalidCatalogException {
        this(directory, CatalogReader::read, InstantSource.system());
    }

    CurrentCatalog(Optional<Path> directory, Reader reader, InstantSource clock)
            throws IOException, InvalidCatalogException {
        this.directory = directory;
        this.reader = reader;
        this.clock = clock;
        this.seen = fingerprint();
        Catalog first = directory.isPresent() ? reader.read(directory.get()) : CatalogReader.builtIn();
        this.ofDirectory = first.compiled();
        this.current = ResourceCatalog.over(ofDirectory);
        this.inForce = current.catalog().at(clock.instant());
    }

    @Override
    public Catalog get() {
        return inForce;
    }

    /** Why the directory, or a part of it, is not in force; empty if all of it is. */
    public Optional<String> problem() {
        return unreadable.or(() -> invalid).or(() -> current.baseProblems().stream()
                .map(Problem::toString)
                .reduce((one, other) -> one + "\n" + other));
    }

    /** The status of each resource of the cluster. */
    Map<Id, ResourceStatus> statuses() {
        return current.statuses();
    }

    /** When the catalog came into force. */
    Instant since() {
        return since;
    }

    /** How often the catalog was replaced. */
    long reloads() {
        return reloads.get();
    }

    /** How many changes could not come into force. */
    long errors() {
        return errors.get();
    }

    /**
     * Reads the directory again if it has changed, or if it could not be read before.
     *
     * @return whether it could be read; its files may be invalid
     */
    public boolean refresh() {
        if (directory.isEmpty()) {
            return true;
        }
        synchronized (reading) {
            try {
                List<String> present = fingerprint();
                if (!present.equals(seen)) {
                    readAgain(directory.get());
                    // Not before: if reading failed, the files must be read again although none changes.
                    seen = present;
                }
                unreadable = Optional.empty();
                return true;
            } catch (IOException | UncheckedIOException e) {
                unreadable = logOnce(unreadable, e.toString());
                return false;
            }
        }
    }

    private void readAgain(Path files) throws IOException {
        try {
            Catalog read = reader.read(files).compiled();
            invalid = Optional.empty();
            take(read);
        } catch (InvalidCatalogException e) {
            invalid = logOnce(invalid, String.valueOf(e.getMessage()));
        }
    }

    private synchronized void take(Catalog read) {
        ofDirectory = read;
        replace();
    }

    /** Puts these resources into force as far as they compile. */
    synchronized void take(Collection<CatalogResource> present, HistoryRule rule) {
        resources = List.copyOf(present);
        histories = rule;
        replace(rule);
    }

    /** The catalog that would be in force if one resource were changed and the cluster had these other resources. */
    ResourceCatalog with(CatalogResource changed, Collection<CatalogResource> others) {
        return current.with(changed, others);
    }

    /** The effect of the deletion of a profile on policies, if the cluster had these other resources. */
    Deletion deletionOf(Id profile, Collection<CatalogResource> others) {
        return current.deletionOf(profile, others);
    }

    /** The profiles that policies enforce and the catalog cannot provide. */
    List<UnmetRequirement> unmet() {
        return inForce.unmet();
    }

    /** Removes the policies whose {@code until} has passed since the last call. Cheap if there are none. */
    public synchronized void endPolicies() {
        Instant now = clock.instant();
        Set<Policy> ended = inForce.ended(now);
        if (!ended.isEmpty()) {
            ended.forEach(policy -> LOG.infof(
                    "policy %s has ended (until: %s)",
                    policy.name(), policy.until().orElseThrow()));
            replace();
        }
    }

    /**
     * Drops generations that nothing pins from histories that are longer than their limit. For the leader, right after it has read all Pods and
     * namespaces.
     *
     * @param pinned the generations that annotations pin
     */
    public synchronized void dropUnpinned(Set<PinnedGeneration> pinned) {
        if (current.exceedsHistoryLimits()) {
            replace(HistoryRule.dropUnpinned(pinned));
        }
    }

    private void replace() {
        replace(histories);
    }

    private void replace(HistoryRule rule) {
        ResourceCatalog before = current;
        ResourceCatalog fresh = before.with(ofDirectory, resources, rule);
        Map<Id, ResourceStatus> known = before.statuses();
        fresh.statuses().forEach((id, status) -> log(id, status, Optional.ofNullable(known.get(id))));
        fresh.baseProblems().stream()
                .filter(each -> !before.baseProblems().contains(each))
                .forEach(each -> {
                    errors.incrementAndGet();
                    LOG.warnf("%s; the other parts stay in force", each);
                });
        Catalog next = fresh.catalog().at(clock.instant());
        Set<String> unmetBefore = sentences(inForce);
        sentences(next).stream()
                .filter(each -> !unmetBefore.contains(each))
                .forEach(each -> LOG.errorf("%s; strict namespaces deny the Pods that the policy matches", each));
        boolean changed = !next.generation().equals(inForce.generation());
        current = fresh;
        // The review cache is discarded with its catalog, and an update of a status changes no decision.
        if (!next.decidesLike(inForce)) {
            inForce = next;
        }
        if (changed) {
            since = Instant.now();
            reloads.incrementAndGet();
            LOG.infof(
                    "catalog %s in force: %d profiles, %d policies",
                    get().generation(),
                    get().profiles().size(),
                    get().policies().size());
        }
    }

    private static Set<String> sentences(Catalog catalog) {
        return catalog.unmet().stream()
                .map(UnmetRequirement::toString)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private void log(Id id, ResourceStatus status, Optional<ResourceStatus> before) {
        if (before.equals(Optional.of(status))) {
            return;
        }
        if (!status.compiled()) {
            errors.incrementAndGet();
            LOG.warnf("%s does not compile:\n%s\n%s", id, status.problemText(), String.join("\n", status.notes()));
        } else if (before.isPresent() && !before.get().compiled()) {
            LOG.infof("%s compiles again", id);
        }
    }

    private Optional<String> logOnce(Optional<String> known, String message) {
        if (!known.equals(Optional.of(message))) {
            errors.incrementAndGet();
            LOG.errorf(
                    "the profiles in %s cannot be used; catalog %s stays in force:\n%s",
                    directory.orElseThrow(), get().generation(), message);
        }
        return Optional.of(message);
    }

    /** Changes with each change of a file. The real path changes when Kubernetes replaces the directory of a mounted ConfigMap. */
    private List<String> fingerprint() throws IOException {
        List<String> files = new ArrayList<>();
        if (directory.isPresent()) {
            for (Path file : CatalogReader.files(directory.get())) {
                files.add(file.toRealPath() + " " + Files.size(file) + " " + Files.getLastModifiedTime(file));
            }
        }
        return files;
    }
}
