package dev.pillion.cli.plan;

import dev.pillion.catalog.Catalog;
import dev.pillion.catalog.compile.CatalogDocument;
import dev.pillion.catalog.compile.CatalogReader;
import dev.pillion.catalog.compile.CatalogReader.CatalogText;
import dev.pillion.catalog.compile.InvalidCatalogException;
import dev.pillion.catalog.compile.Problem;
import dev.pillion.catalog.resource.CatalogResource;
import dev.pillion.catalog.resource.CatalogResource.Kind;
import dev.pillion.cli.manifest.SourceLocation;
import dev.pillion.cli.manifest.UnusableInputException;
import dev.pillion.yaml.YamlException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The text of profiles and policies that would be applied. */
record CatalogFiles(List<CatalogText> texts) {

    private static final String STANDARD_INPUT = "-";

    /** @param names files, directories and {@code -} */
    static CatalogFiles read(List<String> names, InputStream in) throws UnusableInputException {
        List<CatalogText> texts = new ArrayList<>();
        for (String name : names) {
            Path path = Path.of(name);
            try {
                if (name.equals(STANDARD_INPUT)) {
                    texts.add(new CatalogText("stdin", new String(in.readAllBytes(), StandardCharsets.UTF_8)));
                } else if (Files.isDirectory(path)) {
                    for (Path file : CatalogReader.files(path)) {
                        texts.add(text(file));
                    }
                } else {
                    texts.add(text(path));
                }
            } catch (IOException e) {
                throw new UnusableInputException(SourceLocation.of(path), "cannot be read: " + e.getMessage());
            }
        }
        return new CatalogFiles(texts);
    }

    private static CatalogText text(Path file) throws UnusableInputException {
        try {
            return new CatalogText(file.toString(), Files.readString(file));
        } catch (NoSuchFileException e) {
            throw new UnusableInputException(file + ": no such file or directory");
        } catch (MalformedInputException e) {
            throw new UnusableInputException(SourceLocation.of(file), "is not UTF-8 text");
        } catch (IOException e) {
            throw new UnusableInputException(SourceLocation.of(file), "cannot be read: " + e.getMessage());
        }
    }

    /**
     * The profiles and policies as resources of the API server.
     *
     * @param below its profiles are available to the policies too
     * @throws UnusableInputException with one line for each problem, in the form of {@code pillion check}
     */
    List<CatalogResource> resources(Catalog below) throws UnusableInputException {
        try {
            CatalogReader.read(texts, below);
            List<CatalogResource> resources = new ArrayList<>();
            for (CatalogText text : texts) {
                for (CatalogDocument document : CatalogDocument.in(text.text())) {
                    resources.add(resource(document));
                }
            }
            if (resources.isEmpty()) {
                throw new UnusableInputException("there are no profiles or policies in the given files");
            }
            return resources;
        } catch (InvalidCatalogException e) {
            throw new UnusableInputException(
                    e.problems().stream().map(Problem::toString).collect(Collectors.joining("\n")));
        } catch (YamlException e) {
            throw new IllegalStateException("the text was read before", e);
        }
    }

    private static CatalogResource resource(CatalogDocument document) {
        var tree = document.document().tree();
        boolean policy = tree.path("kind").asText().equals(Kind.POLICY.word());
        return CatalogResource.of(policy ? Kind.POLICY : Kind.PROFILE, tree);
    }
}
