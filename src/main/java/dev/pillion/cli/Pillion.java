package dev.pillion.cli;

import dev.pillion.cli.audit.AuditCommand;
import dev.pillion.cli.certs.CertsCommand;
import dev.pillion.cli.check.CheckCommand;
import dev.pillion.cli.doctor.DoctorCommand;
import dev.pillion.cli.explain.ExplainCommand;
import dev.pillion.cli.option.ClusterOptions;
import dev.pillion.cli.option.Keywords;
import dev.pillion.cli.option.ManifestFormat;
import dev.pillion.cli.option.ReportFormat;
import dev.pillion.cli.option.StandardOptions;
import dev.pillion.cli.plan.PlanCommand;
import dev.pillion.cli.profiles.ProfilesCommand;
import dev.pillion.cli.rollout.RolloutCommand;
import dev.pillion.cli.serve.ServeCommand;
import dev.pillion.cli.serve.ServeOptions;
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
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
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
            "Exit codes: 0 success; 1 a case of check failed, audit, plan or doctor found something, a workload of rollout is not"
                    + " ready, or a certificate is not valid; 2 wrong arguments or unreadable input; 3 a Pod is denied.",
            "",
            "Example:",
            "  pillion explain -f pod.yaml --wait-for db:5432"
        })
public final class Pillion implements Runnable {

    /** Commands that describe the other commands. */
    private static final Set<String> NEED_ALL = Set.of("completion", CompleteWordsCommand.NAME, "help");

    /** Without options, handled without picocli, whose start takes a tenth of the server's. */
    private static final String SERVE = "serve";

    /** Handled without picocli, whose start takes most of the time of such a short command. */
    private static final Set<String> VERSION_OPTIONS = Set.of("--version", "-V");

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
        PrintWriter out = output.writer();
        PrintWriter err = new PrintWriter(new OutputStreamWriter(System.err, StandardCharsets.UTF_8), true);
        if (arguments.length == 1 && VERSION_OPTIONS.contains(arguments[0])) {
            out.println(VersionProvider.line());
            out.flush();
            return complete(ExitCode.OK, output, err);
        }
        if (arguments.length == 1 && SERVE.equals(arguments[0])) {
            return complete(launcher.launch(ServeOptions.defaults()), output, err);
        }
        CommandLine pillion = commandLine(launcher, System.in, arguments);
        pillion.setOut(out);
        pillion.setUsageHelpWidth(OutputWidth.of(Optional.ofNullable(System.getenv("COLUMNS"))));
        pillion.setErr(err);
        pillion.setExecutionStrategy(parsed -> {
            int code = new RunLast().execute(parsed);
            out.flush();
            return complete(code, output, err);
        });
        return pillion.execute(arguments);
    }

    /** Contains only the called command if the first argument names one: reading the annotations of all commands takes most of the time of a start. */
    static CommandLine commandLine(ServerLauncher launcher, InputStream in, String... arguments) {
        FailureMessages failures = new FailureMessages();
        CommandLine pillion = new CommandLine(new Pillion());
        Map<String, Supplier<Object>> commands = commands(launcher, in);
        @Nullable
        Supplier<Object> called =
                arguments.length == 0 || NEED_ALL.contains(arguments[0]) ? null : commands.get(arguments[0]);
        if (called == null) {
            commands.values().forEach(command -> pillion.addSubcommand(command.get()));
        } else {
            pillion.addSubcommand(called.get());
        }
        pillion.registerConverter(ManifestFormat.class, new Keywords<>(ManifestFormat.class))
                .registerConverter(InjectCommand.Format.class, new Keywords<>(InjectCommand.Format.class))
                .registerConverter(ReportFormat.class, new Keywords<>(ReportFormat.class))
                .registerConverter(AuditCommand.Format.class, new Keywords<>(AuditCommand.Format.class))
                .registerConverter(PlanCommand.Format.class, new Keywords<>(PlanCommand.Format.class))
                .registerConverter(ExportCommand.Target.class, new Keywords<>(ExportCommand.Target.class))
                .registerConverter(ClusterOptions.Sidecars.class, new Keywords<>(ClusterOptions.Sidecars.class))
                .setExpandAtFiles(false)
                .setUsageHelpWidth(OutputWidth.DEFAULT)
                .setParameterExceptionHandler(failures)
                .setExecutionExceptionHandler(failures);
        HelpLayout.applyTo(pillion);
        return pillion;
    }

    /** In the order of the help. */
    private static Map<String, Supplier<Object>> commands(ServerLauncher launcher, InputStream in) {
        Map<String, Supplier<Object>> commands = new LinkedHashMap<>();
        commands.put("inject", () -> new InjectCommand(in));
        commands.put("uninject", () -> new UninjectCommand(in));
        commands.put("explain", () -> new ExplainCommand(in));
        commands.put("profiles", ProfilesCommand::new);
        commands.put("check", CheckCommand::new);
        commands.put("audit", () -> new AuditCommand(in));
        commands.put("plan", () -> new PlanCommand(in));
        commands.put("rollout", () -> new RolloutCommand(in));
        commands.put("doctor", DoctorCommand::new);
        commands.put("export", ExportCommand::new);
        commands.put("certs", CertsCommand::new);
        commands.put(SERVE, () -> new ServeCommand(launcher));
        commands.put("completion", CompletionCommand::new);
        commands.put(CompleteWordsCommand.NAME, CompleteWordsCommand::new);
        commands.put("help", HelpCommand::new);
        return commands;
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
    private static int complete(int code, StandardOutput output, PrintWriter err) {
        if (output.failure().isEmpty()) {
            return code;
        }
        String why = output.failure().map(Throwable::getMessage).orElse("");
        if (!why.contains("pipe")) {
            err.println("pillion: cannot write the output: " + why);
        }
        return ExitCode.OUTPUT_LOST;
    }
}
