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
import dev.pillion.cli.terminal.StandardOutput;
import dev.pillion.cli.terminal.VersionProvider;
import java.io.InputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.ScopeType;

/** The command {@code pillion}, without a command of its own. */
@Command(
        name = "pillion",
        description = "Gives Pods their companions, as the webhook does it, and runs the webhook.",
        versionProvider = VersionProvider.class,
        footer = {
            "",
            "Exit codes: 0 done; 1 a case of check failed, audit found something, or a certificate is not good; 2 wrong use or",
            "unreadable input; 3 a Pod was denied.",
            "",
            "Example:",
            "  pillion explain -f pod.yaml --wait-for db:5432"
        })
public final class Pillion implements Runnable {

    private static final int HELP_WIDTH = 100;

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
     * Executes what the arguments say.
     *
     * @param launcher what {@code serve} starts
     * @return the exit code
     */
    public static int execute(ServerLauncher launcher, String... arguments) {
        StandardOutput output = StandardOutput.ofProcess();
        CommandLine pillion = commandLine(launcher, System.in, arguments);
        pillion.setOut(output.writer());
        pillion.setErr(new PrintWriter(new OutputStreamWriter(System.err, StandardCharsets.UTF_8), true));
        pillion.setExecutionStrategy(parsed -> {
            int code = new RunLast().execute(parsed);
            pillion.getOut().flush();
            return output.failure().isEmpty() ? code : lost(output, pillion);
        });
        return pillion.execute(arguments);
    }

    /** Knows all commands, unless the server is to be started: looking at the others takes a tenth of the time that a start takes. */
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
                    .addSubcommand(new CompletionCommand());
        }
        return pillion.registerConverter(ManifestFormat.class, new Keywords<>(ManifestFormat.class))
                .registerConverter(InjectCommand.Format.class, new Keywords<>(InjectCommand.Format.class))
                .registerConverter(AuditCommand.Format.class, new Keywords<>(AuditCommand.Format.class))
                .registerConverter(ExportCommand.Target.class, new Keywords<>(ExportCommand.Target.class))
                .registerConverter(ClusterOptions.Sidecars.class, new Keywords<>(ClusterOptions.Sidecars.class))
                .setExpandAtFiles(false)
                .setUsageHelpWidth(HELP_WIDTH)
                .setParameterExceptionHandler(failures)
                .setExecutionExceptionHandler(failures);
    }

    @Override
    public void run() {
        standard.commandLine().usage(standard.out());
    }

    boolean debugging() {
        return debug
                || !Objects.requireNonNullElse(System.getenv("PILLION_DEBUG"), "")
                        .isEmpty();
    }

    /** Who reads a pipe may stop when it has seen enough, which is no news to anybody. */
    private static int lost(StandardOutput output, CommandLine pillion) {
        String why = output.failure().map(Throwable::getMessage).orElse("");
        if (!why.contains("pipe")) {
            pillion.getErr().println("pillion: the output could not be written: " + why);
        }
        return ExitCode.OUTPUT_LOST;
    }
}
