package dev.pillion.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.yaml.Document;
import dev.pillion.yaml.YamlException;
import dev.pillion.yaml.YamlReader;
import io.fabric8.kubernetes.client.Config;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * Reads a kubeconfig. Checks that its context names a cluster: if it does not, fabric8 would use {@code kubernetes.default.svc}.
 */
record Kubeconfig(Path file, JsonNode content) {

    /** @param context the name of the context; empty for the current one */
    static Config read(Path file, Optional<String> context) throws InvalidClusterException {
        Kubeconfig kubeconfig = new Kubeconfig(file, parse(file));
        kubeconfig.checkContext(context);
        try {
            return Config.fromKubeconfig(context.orElse(null), file.toFile());
        } catch (RuntimeException e) {
            throw kubeconfig.invalid("is not a kubeconfig: " + WatchHealth.rootOf(e));
        }
    }

    private static JsonNode parse(Path file) throws InvalidClusterException {
        try {
            List<Document> documents = YamlReader.read(Files.readString(file));
            if (documents.size() != 1 || !documents.getFirst().tree().isObject()) {
                throw new InvalidClusterException(file
                        + ": is not a kubeconfig, which is a map of clusters, users, contexts and current-context");
            }
            return documents.getFirst().tree();
        } catch (YamlException e) {
            throw new InvalidClusterException(file + ":" + e.line() + ": " + e.getMessage());
        } catch (IOException e) {
            throw new InvalidClusterException(
                    file + (Files.exists(file) ? ": cannot be read: " + e.getMessage() : ": no such file"));
        }
    }

    private void checkContext(Optional<String> wanted) throws InvalidClusterException {
        String current = wanted.orElse(content.path("current-context").asText(""));
        if (current.isEmpty()) {
            throw invalid("has no current-context; contexts: " + names("contexts"));
        }
        JsonNode context = named("contexts", current)
                .orElseThrow(() -> invalid("the " + (wanted.isPresent() ? "context" : "current-context") + " '"
                        + current + "' does not exist; contexts: " + names("contexts")));
        String cluster = context.path("context").path("cluster").asText("");
        JsonNode server = named("clusters", cluster)
                .orElseThrow(() -> invalid("the cluster '" + cluster + "' of context '" + current
                        + "' does not exist; clusters: " + names("clusters")))
                .path("cluster")
                .path("server");
        if (server.asText("").isEmpty()) {
            throw invalid("the cluster '" + cluster + "' has no server");
        }
    }

    private Optional<JsonNode> named(String list, String name) {
        return StreamSupport.stream(content.path(list).spliterator(), false)
                .filter(each -> each.path("name").asText("").equals(name))
                .findFirst();
    }

    private String names(String list) {
        String names = StreamSupport.stream(content.path(list).spliterator(), false)
                .map(each -> each.path("name").asText(""))
                .collect(Collectors.joining(", "));
        return names.isEmpty() ? "none" : names;
    }

    private InvalidClusterException invalid(String problem) {
        return new InvalidClusterException(file + ": " + problem);
    }
}
