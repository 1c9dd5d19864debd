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
import java.time.Instant;
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
        description = "Print policies as MutatingAdmissionPolicies, which the API server applies without Pillion.",
        footer = {
            "",
            "If a MutatingAdmissionPolicy cannot express a policy, the command fails and prints no manifest. Comments"
                    + " at the start of the output list the differences in behavior. MutatingAdmissionPolicy needs"
                    + " Kubernetes 1.36.",
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
            description = "The target: mutating-admission-policy (admissionregistration.k8s.io/v1, with its binding).")
    @SuppressWarnings("UnusedVariable") // there is only one; the option is required so that a second one can follow
    private Target target = Target.MUTATING_ADMISSION_POLICY;

    @Parameters(paramLabel = "POLICY", arity = "1..*", description = "Names of the policies to export.")
    private List<String> names = List.of();

    @Mixin
    private final UserOptions users = new UserOptions();

    enum Target {
        MUTATING_ADMISSION_POLICY
    }

    @Override
    public Integer call() throws UnusableInputException {
        Catalog all = catalog.withEndedPolicies();
        MutatingAdmissionPolicies target = new MutatingAdmissionPolicies(
                all, users.applyTo(InjectionSettings.defaults()).withKnownSidecars(sidecars.knownSidecars()));
        List<JsonNode> manifests = new ArrayList<>();
        Set<String> differences = new LinkedHashSet<>();
        List<String> problems = new ArrayList<>();
        for (String name : new LinkedHashSet<>(names)) {
            try {
                Exported exported = target.of(policy(all, name));
                manifests.addAll(exported.manifests());
                differences.addAll(exported.differences());
            } catch (NotExpressibleException e) {
                problems.addAll(e.reasons());
            }
        }
        if (!problems.isEmpty()) {
            // Nothing on standard output, so that the next command of a pipe does not apply a part of the policies.
            throw new UnusableInputException(
                    "cannot be expressed as a MutatingAdmissionPolicy:\n" + String.join("\n", problems));
        }
        standard.out()
                .print(head(differences)
                        + manifests.stream().map(YamlWriter::yaml).collect(Collectors.joining("---\n")));
        return ExitCode.OK;
    }

    private static Policy policy(Catalog catalog, String name) throws UnusableInputException {
        List<String> known = catalog.policies().stream().map(Policy::name).toList();
        Policy policy = catalog.policy(name)
                .orElseThrow(() -> new UnusableInputException("there is no policy '" + name + "'"
                        + (known.isEmpty() ? "; give their directory by --profiles DIR" : Nearest.hint(name, known))));
        if (policy.hasEnded(Instant.now())) {
            throw new UnusableInputException("policy " + name + " has ended ("
                    + policy.until().orElseThrow() + "), so there is nothing to export");
        }
        return policy;
    }

    private String head(Set<String> differences) {
        return "# Exported by pillion from " + names.stream().distinct().collect(Collectors.joining(", "))
                + ". Differences from Pillion:\n"
                + differences.stream().map(each -> "# - " + each + "\n").collect(Collectors.joining());
    }
}
