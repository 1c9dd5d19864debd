package dev.pillion.cli.check;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.catalog.compile.CatalogReader;
import dev.pillion.cli.manifest.FileTree;
import dev.pillion.cli.manifest.Manifest;
import dev.pillion.cli.manifest.ManifestReader;
import dev.pillion.cli.manifest.Namespaces;
import dev.pillion.cli.manifest.SourceLocation;
import dev.pillion.cli.manifest.UnusableInputException;
import dev.pillion.expression.Nearest;
import dev.pillion.injection.reason.ReasonCode;
import dev.pillion.yaml.Document;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Finds the golden cases below a directory. */
final class GoldenCaseReader {

    private final Path directory;
    private final List<Finding> problems;

    /** @param problems the reader adds its findings to this list */
    GoldenCaseReader(Path directory, List<Finding> problems) {
        this.directory = directory;
        this.problems = problems;
    }

    List<GoldenCase> read() throws UnusableInputException {
        List<GoldenCase> cases = new ArrayList<>();
        for (Path file : FileTree.files(directory, Integer.MAX_VALUE)) {
            if (file.endsWith(CatalogReader.CASE_FILE) && !file.equals(directory.resolve(CatalogReader.CASE_FILE))) {
                try {
                    cases.add(read(file));
                } catch (UnusableInputException e) {
                    problems.add(Finding.ofCase(e, file));
                }
            }
        }
        return cases;
    }

    private GoldenCase read(Path pod) throws UnusableInputException {
        Path caseDirectory = pod.resolveSibling("");
        Path namespace = pod.resolveSibling("namespace.yaml");
        List<Manifest> manifests = ManifestReader.read(pod);
        if (manifests.size() != 1 || manifests.getFirst().workloads().size() != 1) {
            throw new UnusableInputException(
                    SourceLocation.of(pod), "must have exactly one Pod or workload with a Pod template");
        }
        manifests.getFirst().workloads().getFirst().pod();
        return new GoldenCase(
                directory.relativize(caseDirectory).toString(),
                caseDirectory,
                manifests.getFirst(),
                Namespaces.from(
                        List.of(), Files.exists(namespace) ? Optional.of(namespace.toString()) : Optional.empty()),
                expectation(caseDirectory));
    }

    private static Optional<Expectation> expectation(Path caseDirectory) throws UnusableInputException {
        List<String> present = Expectation.FILES.stream()
                .filter(file -> Files.exists(caseDirectory.resolve(file)))
                .toList();
        if (present.size() > 1) {
            throw new UnusableInputException(
                    SourceLocation.of(caseDirectory),
                    "has " + String.join(" and ", present) + "; keep only one of them");
        }
        if (present.isEmpty()) {
            return Optional.empty();
        }
        Path file = caseDirectory.resolve(present.getFirst());
        List<Document> documents = ManifestReader.documents(file);
        if (documents.size() != 1) {
            throw new UnusableInputException(
                    SourceLocation.of(file), "must have exactly one document, has " + documents.size());
        }
        JsonNode tree = documents.getFirst().tree();
        return Optional.of(
                switch (present.getFirst()) {
                    case "injected.yaml" -> new Expectation.Injected(tree);
                    case "denied.yaml" ->
                        new Expectation.Denied(
                                code(file, documents.getFirst()),
                                Optional.ofNullable(tree.get("message")).map(JsonNode::asText));
                    default -> new Expectation.Unchanged(code(file, documents.getFirst()));
                });
    }

    private static String code(Path file, Document document) throws UnusableInputException {
        List<String> codes =
                Arrays.stream(ReasonCode.values()).map(ReasonCode::toString).toList();
        String code = document.tree().path("code").asText("");
        if (!codes.contains(code)) {
            throw new UnusableInputException(
                    SourceLocation.of(file, document.line("code")),
                    code.isEmpty()
                            ? "must have a code, such as `code: unknown-profile`"
                            : "there is no code '" + code + "'" + Nearest.hint(code, codes));
        }
        return code;
    }
}
