package dev.pillion.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compares the cert-manager objects in {@code deploy/} with cert-manager's definitions. Runs alone, because definitions are cluster-scoped. */
@Isolated
@ExtendWith(Stage.class)
class CertManagerTest {

    private static final String OVERLAY = "kubectl kustomize deploy/overlays/cert-manager";
    private static final String CHART =
            "helm template pillion deploy/helm/pillion --namespace=pillion --set=certificate.mode=certManager";

    @BeforeAll
    static void define() {
        assumeTrue(Environment.OWN_CLUSTER, "cert-manager's definitions are only in what e2e/run builds");
        CertManager.define();
    }

    @ParameterizedTest
    @ValueSource(strings = {OVERLAY, CHART, CHART + " --set=certificate.issuer.name=corporate"})
    void usesOnlyFieldsThatCertManagerDefines(String rendering, Sandbox sandbox) {
        assertThat(dryRun(requests(rendering, sandbox), sandbox).orFail())
                .contains("certificate.cert-manager.io/pillion-certificate created");
    }

    @Test
    void reportsAFieldThatCertManagerDoesNotDefine(Sandbox sandbox) {
        String misspelt = requests(OVERLAY, sandbox).replace("rotationPolicy:", "rotation:");

        assertThat(dryRun(misspelt, sandbox).errors()).contains("unknown field \"spec.privateKey.rotation\"");
    }

    /** The cert-manager objects of a rendering, moved to the sandbox, because Pillion's namespace does not exist. */
    private static String requests(String rendering, Sandbox sandbox) {
        List<String> line = Stream.of(rendering.split(" "))
                .map(word -> word.startsWith("deploy/")
                        ? Environment.ROOT.resolve(word).toString()
                        : word)
                .toList();
        Rendered rendered = Rendered.of(Command.run(line).orFail());
        return rendered.objects().entrySet().stream()
                .filter(object -> object.getValue().path("apiVersion").asText().startsWith("cert-manager.io/"))
                .map(object -> {
                    ((ObjectNode) object.getValue().path("metadata")).put("namespace", sandbox.namespace());
                    return rendered.text(object.getKey());
                })
                .collect(Collectors.joining());
    }

    private static Command dryRun(String manifest, Sandbox sandbox) {
        return Command.run(
                List.of(
                        "kubectl",
                        "--namespace=" + sandbox.namespace(),
                        "create",
                        "--dry-run=server",
                        "--validate=strict",
                        "--filename=-"),
                manifest);
    }
}
