package dev.pillion.catalog.lint;

import dev.pillion.catalog.Catalog;
import dev.pillion.catalog.LintRule;
import dev.pillion.catalog.Profile;
import dev.pillion.catalog.compile.CatalogDocument;
import dev.pillion.catalog.compile.CatalogReader;
import dev.pillion.catalog.compile.PolicyReader;
import dev.pillion.catalog.resource.CatalogResource;
import dev.pillion.yaml.Document;
import dev.pillion.yaml.YamlException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Applies the lint rules to files that compile. */
public final class Linter {

    private final Catalog catalog;
    private final Instant now;
    private final List<Lint> lints = new ArrayList<>();

    private Linter(Catalog catalog, Instant now) {
        this.catalog = catalog;
        this.now = now;
    }

    /**
     * Checks the files of a directory in their order.
     *
     * @param catalog the compiled files
     * @throws IOException if a file can no longer be read
     */
    public static List<Lint> lint(Path directory, Catalog catalog, Instant now) throws IOException {
        Linter linter = new Linter(catalog, now);
        for (Path file : CatalogReader.files(directory)) {
            linter.lint(directory, file);
        }
        return linter.lints;
    }

    /** Checks a resource of this catalog. */
    public static List<Lint> lint(CatalogResource resource, Catalog catalog, Instant now) {
        Linter linter = new Linter(catalog, now);
        linter.lint(resource.source().file(), resource.source().document(), "");
        return linter.lints;
    }

    private void lint(Path directory, Path file) throws IOException {
        try {
            for (CatalogDocument document : CatalogDocument.in(Files.readString(file))) {
                lint(directory.relativize(file).toString(), document.document(), document.place());
            }
        } catch (YamlException e) {
            throw new IOException(file + " was changed while it was read", e);
        }
    }

    /** @param place the prefix of the document's paths in its file */
    private void lint(String file, Document document, String place) {
        String name = document.tree().at("/metadata/name").asText();
        Findings findings = (rule, path, message) -> {
            if (!rule.isExceptedIn(document)) {
                lints.add(new Lint(rule, file, document.line(path), place + path, message));
            }
        };
        if (document.tree().path("kind").asText().equals(PolicyReader.KIND)) {
            new PolicyLints(name, document.tree().path("spec"), catalog, now, findings).find();
            return;
        }
        Optional<Profile> profile = catalog.profile(name);
        profile.ifPresent(
                compiled -> new ProfileLints(document.tree().path("spec"), compiled, catalog, findings).find());
    }

    /** Receives each finding with its field. */
    interface Findings {
        void add(LintRule rule, String path, String message);
    }
}
