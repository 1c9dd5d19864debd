package dev.pillion.cli.doctor;

import dev.pillion.cli.doctor.check.Checks;
import dev.pillion.cli.doctor.check.Finding.Status;
import dev.pillion.cli.doctor.check.Inspection;
import dev.pillion.cli.doctor.check.Inspection.Subject;
import dev.pillion.cli.manifest.UnusableInputException;
import dev.pillion.cli.option.ConnectionOptions;
import dev.pillion.cli.option.ReportFormat;
import dev.pillion.cli.option.StandardOptions;
import dev.pillion.cli.terminal.ExitCode;
import dev.pillion.cli.terminal.VersionProvider;
import dev.pillion.cluster.ApiProbe;
import dev.pillion.cluster.InvalidClusterException;
import dev.pillion.cluster.UnreachableClusterException;
import dev.pillion.yaml.YamlWriter;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "doctor",
        abbreviateSynopsis = true,
        description = {
            "Check the installation of Pillion in a cluster.",
            "Each check prints what it found, how to fix it, and the page that describes it."
        },
        footer = {
            "",
            "The command changes nothing. It reads objects, and sends access reviews and a Pod as a dry run, which the API"
                    + " server does not store. A check for which you lack a right is a warning.",
            "The exit code is 1 if a check failed. Warnings alone do not change it, unless --strict is given.",
            "",
            "Examples:",
            "  pillion doctor",
            "  pillion doctor --pre --image registry.example.com/pillion:1.0.0"
        })
public final class DoctorCommand implements Callable<Integer> {

    @Mixin
    private final StandardOptions standard = new StandardOptions();

    @Mixin
    private final ConnectionOptions connection = new ConnectionOptions();

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NAME",
            description = "The namespace of Pillion (default: pillion).")
    private String namespace = "pillion";

    @Option(
            names = "--pre",
            description = "Check whether Pillion can be installed, instead of an existing installation.")
    private boolean pre;

    @Option(
            names = "--image",
            paramLabel = "REFERENCE",
            description = "The image that will be installed (only with --pre).")
    private Optional<String> image = Optional.empty();

    @Option(
            names = "--dry-run-namespace",
            paramLabel = "NAME",
            description = "The namespace of the Pod that is created as a dry run (default: default).")
    private String podNamespace = "default";

    @Option(names = "--strict", description = "Exit with 1 if there are warnings.")
    private boolean strict;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "text|json",
            description = "Format of the output: text (the default) or json (one object for each finding).")
    private ReportFormat format = ReportFormat.TEXT;

    @Override
    public Integer call() throws UnusableInputException {
        if (image.isPresent() && !pre) {
            throw new UnusableInputException(
                    "--image: give --pre too; an installation has its image in its Deployment");
        }
        DoctorReport report = new DoctorReport(
                standard.out(), standard.colors(), Symbols.of(System.getProperty("stdout.encoding", "")));
        try (ApiProbe api = new ApiProbe(connection.cluster(), "pillion-doctor")) {
            Inspection inspection =
                    new Inspection(api, new Subject(namespace, podNamespace, VersionProvider.version(), image));
            Checks.run(pre, inspection, format == ReportFormat.TEXT ? report::print : report::add);
        } catch (InvalidClusterException | UnreachableClusterException e) {
            throw new UnusableInputException(String.valueOf(e.getMessage()));
        }
        switch (format) {
            case TEXT -> report.printSummary();
            case JSON -> standard.out().print(YamlWriter.json(report.json()));
        }
        boolean bad = report.count(Status.FAILED) > 0 || strict && report.count(Status.WARNING) > 0;
        return bad ? ExitCode.CHECK_FAILED : ExitCode.OK;
    }
}
