package dev.pillion.server;

import dev.pillion.catalog.Catalog;
import dev.pillion.catalog.CatalogReader;
import dev.pillion.catalog.InvalidCatalogException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * The catalog that is in force. It is replaced as a whole when the directory changes, and stays when what is there cannot be used.
 * Reading it costs nothing; {@link #refresh} is for one thread.
 */
public final class LiveCatalog implements Supplier<Catalog> {

    private static final Logger LOG = Logger.getLogger(LiveCatalog.class);

    private final Optional<Path> directory;
    private volatile Catalog catalog;
    private volatile Optional<String> problem = Optional.empty();
    private List<String> seen;

    /**
     * Reads the catalog for the first time.
     *
     * @throws InvalidCatalogException when there is no good catalog to start with
     */
    public LiveCatalog(Optional<Path> directory) throws IOException, InvalidCatalogException {
        this.directory = directory;
        this.seen = fingerprint();
        this.catalog = directory.isPresent() ? CatalogReader.read(directory.get()) : CatalogReader.builtIn();
    }

    @Override
    public Catalog get() {
        return catalog;
    }

    /** Why the catalog in force is not the one in the directory; empty when it is. */
    public Optional<String> problem() {
        return problem;
    }

    /** Reads the directory again if it has changed since it was last read. */
    public void refresh() {
        if (directory.isEmpty()) {
            return;
        }
        try {
            List<String> present = fingerprint();
            if (!present.equals(seen)) {
                seen = present;
                replace(CatalogReader.read(directory.get()));
            }
        } catch (InvalidCatalogException | IOException e) {
            keep(String.valueOf(e.getMessage()));
        }
    }

    private void replace(Catalog fresh) {
        catalog = fresh;
        problem = Optional.empty();
        LOG.infof(
                "catalog %s in force: %d profiles",
                fresh.generation(), fresh.profiles().size());
    }

    private void keep(String message) {
        if (!problem.equals(Optional.of(message))) {
            LOG.errorf(
                    "the profiles in %s cannot be used; catalog %s stays in force:\n%s",
                    directory.get(), catalog.generation(), message);
        }
        problem = Optional.of(message);
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
