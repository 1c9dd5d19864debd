package dev.pillion.server.catalog;

import dev.pillion.catalog.Catalog;
import dev.pillion.catalog.UnmetRequirement;
import dev.pillion.catalog.compile.CatalogReader;
import dev.pillion.catalog.compile.InvalidCatalogException;
import dev.pillion.catalog.compile.Problem;
import dev.pillion.catalog.resource.CatalogResource;
import dev.pillion.catalog.resource.CatalogResource.Id;
import dev.pillion.catalog.resource.Deletion;
import dev.pillion.catalog.resource.ResourceCatalog;
import dev.pillion.catalog.resource.ResourceStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
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
 * The catalog that is in force: a cluster's resources over the profiles of a directory. It is replaced as a whole when one of them changes.
 * What cannot be used there stays as it was: the directory as one, of the resources each. Reading it costs nothing.
 */
public final class CurrentCatalog implements Supplier<Catalog> {

    private static final Logger LOG = Logger.getLogger(CurrentCatalog.class);

    private final Optional<Path> directory;
    private final Reader reader;
    private final AtomicLong reloads = new AtomicLong();
    private final AtomicLong errors = new AtomicLong();
    private volatile ResourceCatalog current;
    private volatile Instant since = Instant.now();
    /** Why the directory could not be read when it was last looked at. */
    private volatile Optional<String> unreadable = Optional.empty();

    /** What is wrong with the files that were read last. */
    private volatile Optional<String> invalid = Optional.empty();

    private Catalog ofDirectory;
    private Collection<CatalogResource> resources = List.of();
    private List<String> seen;

    /** Reads the profiles and policies of a directory. */
    interface Reader {
        Catalog read(Path directory) throws IOException, InvalidCatalogException;
    }

    /**
     * Reads the catalog for the first time.
     *
     * @throws InvalidCatalogException when there is no good catalog to start with
     */
    public CurrentCatalog(Optional<Path> directory) throws IOException, InvalidCatalogException {
        this(directory, CatalogReader::read);
    }

    CurrentCatalog(Optional<Path> directory, Reader reader) throws IOException, InvalidCatalogException {
        this.directory = directory;
        this.reader = reader;
        this.seen = fingerprint();
        this.ofDirectory = directory.isPresent() ? reader.read(directory.get()) : CatalogReader.builtIn();
        this.current = ResourceCatalog.over(ofDirectory);
    }

    @Override
    public Catalog get() {
        return current.catalog();
    }

    /** Why the catalog in force is not the one in the directory; empty when it is. */
    public Optional<String> problem() {
        return unreadable.or(() -> invalid).or(() -> current.baseProblems().stream()
                .map(Problem::toString)
                .reduce((one, other) -> one + "\n" + other));
    }

    /** What has become of each of the cluster's resources. */
    Map<Id, ResourceStatus> statuses() {
        return current.statuses();
    }

    /** When the catalog in force was made. */
    Instant since() {
        return since;
    }

    /** How often another catalog was put in force. */
    long reloads() {
        return reloads.get();
    }

    /** How often something was changed that could not be put in force. */
    long errors() {
        return errors.get();
    }

    /**
     * Reads the directory again if it has changed since it was last read, or could not be read then.
     *
     * @return whether it could be read; what it holds may be invalid
     */
    public synchronized boolean refresh() {
        if (directory.isEmpty()) {
            return true;
        }
        try {
            List<String> present = fingerprint();
            if (!present.equals(seen)) {
                readAgain(directory.get());
                // Only now: what could not be read, for whatever reason, is read again although no file changes.
                seen = present;
            }
            unreadable = Optional.empty();
            return true;
        } catch (IOException | UncheckedIOException e) {
            unreadable = tellOnce(unreadable, e.toString());
            return false;
        }
    }

    private void readAgain(Path files) throws IOException {
        try {
            ofDirectory = reader.read(files);
            invalid = Optional.empty();
            replace();
        } catch (InvalidCatalogException e) {
            invalid = tellOnce(invalid, String.valueOf(e.getMessage()));
        }
    }

    /** Puts these resources in force as far as they compile. */
    synchronized void take(Collection<CatalogResource> present) {
        resources = List.copyOf(present);
        replace();
    }

    /** The catalog that would be in force if one resource were changed, and the cluster had these beside it. */
    ResourceCatalog with(CatalogResource changed, Collection<CatalogResource> others) {
        return current.with(changed, others);
    }

    /** What the deletion of a profile would do to policies, if the cluster had these resources beside it. */
    Deletion deletionOf(Id profile, Collection<CatalogResource> others) {
        return current.deletionOf(profile, others);
    }

    /** What policies enforce and the catalog in force cannot provide. */
    List<UnmetRequirement> unmet() {
        return current.catalog().unmet();
    }

    private void replace() {
        ResourceCatalog before = current;
        ResourceCatalog fresh = before.with(ofDirectory, resources);
        Map<Id, ResourceStatus> known = before.statuses();
        fresh.statuses().forEach((id, verdict) -> tell(id, verdict, Optional.ofNullable(known.get(id))));
        fresh.baseProblems().stream()
                .filter(each -> !before.baseProblems().contains(each))
                .forEach(each -> {
                    errors.incrementAndGet();
                    LOG.warnf("%s; without that it stays in force", each);
                });
        Set<String> unmetBefore = sentences(before);
        sentences(fresh).stream()
                .filter(each -> !unmetBefore.contains(each))
                .forEach(each -> LOG.errorf("%s; strict namespaces refuse the Pods that it is for", each));
        boolean another = !fresh.catalog().generation().equals(get().generation());
        current = fresh;
        if (another) {
            since = Instant.now();
            reloads.incrementAndGet();
            LOG.infof(
                    "catalog %s in force: %d profiles, %d policies",
                    get().generation(),
                    get().profiles().size(),
                    get().policies().size());
        }
    }

    private static Set<String> sentences(ResourceCatalog catalog) {
        return catalog.catalog().unmet().stream()
                .map(UnmetRequirement::toString)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private void tell(Id id, ResourceStatus verdict, Optional<ResourceStatus> before) {
        if (before.equals(Optional.of(verdict))) {
            return;
        }
        if (!verdict.compiled()) {
            errors.incrementAndGet();
            LOG.warnf("%s does not compile:\n%s\n%s", id, verdict.problemText(), String.join("\n", verdict.notes()));
        } else if (before.isPresent() && !before.get().compiled()) {
            LOG.infof("%s compiles again", id);
        }
    }

    private Optional<String> tellOnce(Optional<String> known, String message) {
        if (!known.equals(Optional.of(message))) {
            errors.incrementAndGet();
            LOG.errorf(
                    "the profiles in %s cannot be used; catalog %s stays in force:\n%s",
                    directory.orElseThrow(), get().generation(), message);
        }
        return Optional.of(message);
    }

    /** Changes whenever a file does; the real path changes when Kubernetes swaps the directory behind a mounted ConfigMap. */
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
