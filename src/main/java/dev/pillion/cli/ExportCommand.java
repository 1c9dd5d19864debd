package dev.pillion.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.catalog.Catalog;
import dev.pillion.catalog.Policy;
import dev.pillion.cli.manifest.UnusableInputException;
import dev.pillion.cli.option.CatalogOptions;
import dev.pillion.cli.option.SidecarOptions;
import dev.pillion.cli.option.StandardOptions;
import dev.pillion.cli.option.UserOptions;
import dev.pillion.cli.terminal.ExitCode;
import dev.pillion.export.Exported;
import dev.pillion.export.MutatingAdmissionPolicies;
import dev.pillion.export.NotExpressibleException;
import dev.pillion.expression.Nearest;
import dev.pillion.injection.settings.InjectionSettings;
import dev.pillion.yaml.YamlWriter;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "export",
        description = "Print policies in the words of the API server, which then applies them without Pillion.",
        footer = {
            "",
            "What the API server cannot say is an error, and nothing is printed; what it does otherwise is said in the",
            "manifests' first lines. A MutatingAdmissionPolicy takes Kubernetes 1.36 or newer.",
            "",
            "Example:",
            "  pillion export --to mutating-admission-policy --profiles platform payments-must-log | kubectl apply -f -"
        })
final class ExportCommand implements Callable<Integer> {

    @Mixin
    private final StandardOptions standard = new StandardOptions();

    @Mixin
    private final CatalogOptions catalog = new CatalogOptions();

    @Mixin
    private final SidecarOptions sidecars = new SidecarOptions();

    @Option(
            names = "--to",
            paramLabel = "mutating-admission-policy",
            required = true,
            description =
                    "What to write: mutating-admission-policy (admissionregistration.k8s.io/v1, with its binding).")
    @SuppressWarnings("UnusedVariable") // There is one, and whoever asks for it says so.
    private Target target = Target.MUTATING_ADMISSION_POLICY;

    @Parameters(paramLabel = "POLICY", arity = "1..*", description = "The policies to export, by name.")
    private List<String> names = List.of();

    @Mixin
    private final UserOptions users = new UserOptions();

    /** There is one; what writes others will have a word of its own. */
    enum Target {
        MUTATING_ADMISSION_POLICY
    }

    @Override
    public Integer call() throws UnusableInputException {
        Catalog all = catalog.catalog();
        MutatingAdmissionPolicies target = new MutatingAdmissionPolicies(
                all, users.applyTo(InjectionSettings.defaults()).withKnownSidecars(sidecars.knownSidecars()));
        List<JsonNode> manifests = new ArrayList<>();
        Set<String> differences = new LinkedHashSet<>();
        List<String> obstacles = new ArrayList<>();
        for (String name : new LinkedHashSet<>(names)) {
            try {
                Exported exported = target.of(policy(all, name));
                manifests.addAll(exported.manifests());
                differences.addAll(exported.differences());
            } catch (NotExpressibleException e) {
                obstacles.addAll(e.reasons());
            }
        }
        if (!obstacles.isEmpty()) {
            // Nothing on standard output: what reads it must never apply one half.
            throw new UnusableInputException(
                    "cannot be expressed as a MutatingAdmissionPolicy:\n" + String.join("\n", obstacles));
        }
        standard.out()
                .print(head(differences)
                        + manifests.stream().map(YamlWriter::yaml).collect(Collectors.joining("---\n")));
        return ExitCode.OK;
    }

    private static Policy policy(Catalog catalog, String name) throws UnusableInputException {
        List<String> known = catalog.policies().stream().map(Policy::name).toList();
        return catalog.policies().stream()
                .filter(policy -> policy.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new UnusableInputException("there is no policy '" + name + "'"
                        + (known.isEmpty()
                                ? "; give the directory they are in by --profiles DIR"
                                : Nearest.hint(name, known))));
    }

    private String head(Set<String> differences) {
        return "# Exported by pillion from " + names.stream().distinct().collect(Collectors.joining(", "))
                + ". What is otherwise than with Pillion:\n"
                + differences.stream().map(each -> "# - " + each + "\n").collect(Collectors.joining());
    }
}
