package dev.pillion.cli;

import dev.pillion.cli.terminal.ExitCode;
import java.nio.file.Path;
import java.util.List;

/**
 * Executes the usual commands with the examples. The JVM that runs it records the AOT cache of the command line, which then contains the classes of
 * all these commands.
 */
public final class AotTraining {

    private AotTraining() {}

    /** @param arguments the directory of the examples */
    public static void main(String[] arguments) {
        Path examples = Path.of(arguments[0]);
        String pod = examples.resolve("myapp-pod.yaml").toString();
        String deployment = examples.resolve("deployment.yaml").toString();
        String profiles = examples.resolve("profiles").toString();
        String platform = examples.resolve("platform").toString();
        List<List<String>> commands = List.of(
                List.of("--version"),
                List.of("--help"),
                List.of("explain", "--help"),
                List.of("explain", "-f", pod),
                List.of("explain", "-f", deployment),
                List.of("inject", "-f", pod, "-f", deployment, "--profiles", profiles),
                List.of("profiles"),
                List.of("profiles", "show", "logging"),
                List.of("check", platform));
        for (List<String> command : commands) {
            int code = Pillion.execute(options -> ExitCode.OK, command.toArray(String[]::new));
            if (code != ExitCode.OK) {
                throw new IllegalStateException(String.join(" ", command) + " ended with exit code " + code);
            }
        }
        // As after a command. It initializes classes that would not be in the cache otherwise.
        System.exit(ExitCode.OK);
    }
}
