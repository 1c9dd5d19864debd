package dev.pillion.cli;

import dev.pillion.cli.audit.AuditCommand;
import dev.pillion.cli.certs.CertsCommand;
import dev.pillion.cli.check.CheckCommand;
import dev.pillion.cli.explain.ExplainCommand;
import dev.pillion.cli.option.ClusterOptions;
import dev.pillion.cli.option.Keywords;
import dev.pillion.cli.option.ManifestFormat;
import dev.pillion.cli.option.StandardOptions;
import dev.pillion.cli.profiles.ProfilesCommand;
import dev.pillion.cli.serve.ServeCommand;
import dev.pillion.cli.serve.ServerLauncher;
import dev.pillion.cli.terminal.ExitCode;
import dev.pillion.cli.terminal.HelpLayout;
import dev.pillion.cli.terminal.OutputWidth;
import dev.pillion.cli.terminal.StandardOutput;
import dev.pillion.cli.terminal.VersionProvider;
import java.io.InputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.ScopeType;

/** The command {@code pillion}. Without a subcommand it prints its help. */
@Command(
        name = "pillion",
        description =
                "Adds sidecars, init containers, volumes and environment variables to Kubernetes Pods: as a webhook, and in manifests.",
        versionProvider = VersionProvider.class,
        footer = {
            "",
            "Exit codes: 0 success; 1 a case of check failed, audit found something, or a certificate is not valid; 2 wrong"
                    + " arguments or unreadable input; 3 a Pod is denied.",
            "",
            "Example:",
            "  pillion explain -f pod.yaml --wait-for db:5432"
        })
public final class Pillion implements Runnable {

    @Mixin
    private final StandardOptions standard = new StandardOptions();

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Print the version and exit.")
    @SuppressWarnings("UnusedVariable") // picocli acts on it
    private boolean version;

    @Option(names = "--debug", scope = ScopeType.INHERIT, hidden = true)
    private boolean debug;

    Pillion() {}

    /**
     * Executes the command in the arguments.
     *
     * @param launcher starts the server for {@code serve}
     * @return the exit code
     */
    public static int execute(ServerLauncher launcher, String... arguments) {
        StandardOutput output = StandardOutput.ofProcess();
        CommandLine pillion = commandLine(launcher, System.in, arguments);
        pillion.setOut(output.writer());
        pillion.setUsageHelpWidth(OutputWidth.of(Optional.ofNullable(System.getenv("COLUMNS"))));
        pillion.setErr(new PrintWriter(new OutputStreamWriter(System.err, StandardCharsets.UTF_8), true));
        pillion.setExecutionStrategy(parsed -> {
            int code = new RunLast().execute(parsed);
            pillion.getOut().flush();
            return output.failure().isEmpty() ? code : outputLost(output, pillion);
        });
        return pillion.execute(arguments);
    }

    /** For {@code serve}, the other commands are left out: reading their annotations takes a tenth of the time of a start. */
    static CommandLine commandLine(ServerLauncher launcher, InputStream in, String... arguments) {
        FailureMessages failures = new FailureMessages();
        CommandLine pillion = new CommandLine(new Pillion());
        if (arguments.length > 0 && arguments[0].equals("serve")) {
            pillion.addSubcommand(new ServeCommand(launcher));
        } else {
            pillion.addSubcommand(new InjectCommand(in))
                    .addSubcommand(new UninjectCommand(in))
                    .addSubcommand(new ExplainCommand(in))
                    .addSubcommand(new ProfilesCommand())
                    .addSubcommand(new CheckCommand())
                    .addSubcommand(new AuditCommand(in))
                    .addSubcommand(new ExportCommand())
                    .addSubcommand(new CertsCommand())
                    .addSubcommand(new ServeCommand(launcher))
                    .addSubcommand(new CompletionCommand())
                    .addSubcommand(new HelpCommand());
        }
        pillion.registerConverter(ManifestFormat.class, new Keywords<>(ManifestFormat.class))
                .registerConverter(InjectCommand.Format.class, new Keywords<>(InjectCommand.Format.class))
                .registerConverter(ExplainCommand.Format.class, new Keywords<>(ExplainCommand.Format.class))
                .registerConverter(AuditCommand.Format.class, new Keywords<>(AuditCommand.Format.class))
                .registerConverter(ExportCommand.Target.class, new Keywords<>(ExportCommand.Target.class))
                .registerConverter(ClusterOptions.Sidecars.class, new Keywords<>(ClusterOptions.Sidecars.class))
                .setExpandAtFiles(false)
                .setUsageHelpWidth(OutputWidth.DEFAULT)
                .setParameterExceptionHandler(failures)
                .setExecutionExceptionHandler(failures);
        HelpLayout.applyTo(pillion);
        return pillion;
    }

    @Override
    public void run() {
        standard.commandLine().usage(standard.out());
    }

    boolean isDebugging() {
        return debug
                || !Objects.requireNonNullElse(System.getenv("PILLION_DEBUG"), "")
                        .isEmpty();
    }

    /** A closed pipe is no error to report: the reader, such as {@code head}, has read enough. */
    private static int outputLost(StandardOutput output, CommandLine pillion) {
        String why = output.failure().map(Throwable::getMessage).orElse("");
        if (!why.contains("pipe")) {
            pillion.getErr().println("pillion: cannot write the output: " + why);
        }
        return ExitCode.OUTPUT_LOST;
    }
}
