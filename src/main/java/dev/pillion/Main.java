package dev.pillion;

import dev.pillion.cli.Pillion;
import dev.pillion.cli.serve.ServeOptions;
import dev.pillion.server.WebhookServer;
import io.quarkus.runtime.annotations.QuarkusMain;

/** Where the process begins. Only {@code serve} starts Quarkus. */
@QuarkusMain
public final class Main {

    Main() {}

    public static void main(String[] arguments) {
        System.exit(Pillion.execute(Main::serve, arguments));
    }

    private static int serve(ServeOptions options) {
        return WebhookServer.start(
                options.port(),
                options.managementPort(),
                options.profiles(),
                options.certificate(),
                options.key(),
                options.kubeconfig());
    }
}
