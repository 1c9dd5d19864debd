package dev.pillion.cli.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.cli.live.LiveCluster;
import dev.pillion.cli.live.NotCompiled;
import dev.pillion.cli.manifest.Manifest;
import dev.pillion.cli.manifest.Namespaces;
import dev.pillion.cli.manifest.PlacedWorkload;
import dev.pillion.cli.manifest.UnusableInputException;
import dev.pillion.cli.option.CatalogOptions;
import dev.pillion.cli.option.ClusterOptions;
import dev.pillion.cli.option.ConnectionOptions;
import dev.pillion.cli.option.InputOptions;
import dev.pillion.cli.option.Keywords;
import dev.pillion.cli.option.StandardOptions;
import dev.pillion.cli.terminal.ExitCode;
import dev.pillion.cli.terminal.Progress;
import dev.pillion.cluster.ClusterReader;
import dev.pillion.cluster.UnreachableClusterException;
import dev.pillion.injection.Injector;
import dev.pillion.injection.audit.Audit;
import dev.pillion.injection.audit.AuditFinding;
import dev.pillion.pod.MalformedPodException;
import dev.pillion.pod.Namespace;
import dev.pillion.pod.Pod;
import dev.pillion.yaml.YamlWriter;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "audit",
        abbreviateSynopsis = true,
        description = {
            "Report the Pods with missing or outdated companions.",
            "A Pod may have been created while the webhook was unavailable, or before a policy or a profile changed. The command also"
                    + " reports Pods that would be denied now, and what policies in Audit mode would add."
        },
        footer = {
            "",
            "The command changes nothing. Without FILE, it reads the Pods, profiles and policies of the cluster. Profiles and policies of"
                    + " --profiles replace those of the cluster that have the same name.",
            "Profiles and policies of the cluster that do not compile are listed first.",
            "The exit code is 1 if a Pod has missing or outdated companions, if Pillion cannot provide a profile that a policy enforces for it,"
                    + " if it would be denied (also by a policy in Audit mode), or if a profile or policy does not compile. What policies in Audit mode would add does not change the exit code.",
            "",
            "Examples:",
            "  pillion audit --profiles platform",
            "  kubectl get namespaces,pods -A -o yaml | pillion audit --profiles platform -f -"
        })
public final class AuditCommand implements Callable<Integer> {

    @Mixin
    private final StandardOptions standard = new StandardOptions();

    @Mixin
    private final InputOptions input;

    @Mixin
    private final CatalogOptions catalog = new CatalogOptions();

    @Mixin
    private final ClusterOptions cluster = new ClusterOptions();

    @Mixin
    private final ConnectionOptions connection = new ConnectionOptions();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "table|json",
            description =
                    "Format of the output: table (the default, one line for each workload) or json (one object for each Pod).")
    private Format format = Format.TABLE;

    private List<NotCompiled> notCompiled = List.of();

    public enum Format {
        TABLE,
        JSON;

        @Override
        public String toString() {
            return Keywords.of(this);
        }
    }

    public AuditCommand(InputStream in) {
        this.input = new InputOptions(in);
    }

    @Override
    public Integer call() throws UnusableInputException {
        Audit audit = input.isEmpty() ? ofCluster() : ofManifests();
        switch (format) {
            case TABLE -> new AuditReport(audit, notCompiled, Instant.now()).print(standard.out(), standard.colors());
            case JSON -> standard.out().print(YamlWriter.json(json(audit)));
        }
        return audit.podsWithFindings() == 0 && notCompiled.isEmpty() ? ExitCode.OK : ExitCode.CHECK_FAILED;
    }

    private Audit ofManifests() throws UnusableInputException {
        List<Manifest> manifests = input.read();
        Namespaces namespaces = cluster.namespaces(manifests);
        Audit audit = new Audit(new Injector(cluster.settings()), catalog.catalog(), Audit.Detail.DIFFERENCES);
        for (Manifest manifest : manifests) {
            for (PlacedWorkload workload : manifest.workloads()) {
                audit.check(workload.pod(), namespaces.of(workload.workload()));
            }
        }
        return audit;
    }

    private Audit ofCluster() throws UnusableInputException {
        try (LiveCluster live = LiveCluster.open(connection, cluster, catalog, "pillion-audit")) {
            ClusterReader reader = live.reader();
            notCompiled = NotCompiled.in(live.catalog());
            Audit audit = new Audit(new Injector(live.settings()), live.inForce(), Audit.Detail.DIFFERENCES);
            Map<String, Namespace> namespaces = live.mutatedNamespaces(cluster.namespaceName(), standard.err());
            Progress progress = new Progress("Pods", standard.err(), standard.onTerminal());
            reader.pods(cluster.namespaceName(), (page, remaining) -> {
                page.forEach(pod -> check(audit, pod, namespaces));
                progress.reached(audit.pods(), audit.pods() + remaining);
            });
            progress.clear();
            return audit;
        } catch (UnreachableClusterException | MalformedPodException e) {
            throw new UnusableInputException(String.valueOf(e.getMessage()));
        }
    }

    /** The API server accepted the Pod, so it is well-formed. */
    private static void check(Audit audit, JsonNode tree, Map<String, Namespace> namespaces) {
        @Nullable
        Namespace namespace =
                namespaces.get(tree.path("metadata").path("namespace").asText());
        if (namespace == null) {
            return; // It is excluded, or was created after the list of namespaces was read.
        }
        try {
            audit.check(Pod.of(tree), namespace);
        } catch (MalformedPodException e) {
            throw new IllegalStateException("cannot read a Pod of the API server: " + e.getMessage(), e);
        }
    }

    private ArrayNode json(Audit audit) {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        notCompiled.forEach(each -> each.addTo(list));
        for (Audit.PodFinding finding : audit.findings()) {
            AuditFinding cause = finding.finding();
            ObjectNode object = list.addObject()
                    .put("namespace", finding.namespace())
                    .put(
                            "workload",
                            finding.owner().kind() + "/" + finding.owner().name())
                    .put("pod", finding.pod())
                    .put("kind", cause.kind().toString())
                    .put("profile", cause.profile())
                    .put("requestedBy", AuditReport.source(cause))
                    .put("detail", cause.detail());
            finding.created().ifPresent(created -> object.put("created", created.toString()));
            if (cause.kind() == AuditFinding.Kind.OUTDATED) {
                cause.differences().forEach(object.putArray("differences")::add);
            }
        }
        return list;
    }
}
