package dev.pillion.catalog.compile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pillion.catalog.Catalog;
import dev.pillion.catalog.Policy.Allowances;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The allowances that a policy grants to Pods. */
class AllowancesReaderTest {

    @TempDir
    private Path directory;

    private Catalog read(String mode, String grant) throws Exception {
        Files.writeString(directory.resolve("p.yaml"), """
                apiVersion: pillion.dev/v1alpha1
                kind: InjectionPolicy
                metadata: {name: p}
                spec: {mode: %s, match: {}, profiles: [%s]}
                """.formatted(mode, grant));
        return CatalogReader.read(directory);
    }

    private Allowances allowances(String grant) throws Exception {
        return read("Enforce", grant).policies().getFirst().grants().getFirst().allowances();
    }

    @Test
    void areEmptyByDefault() throws Exception {
        assertThat(allowances("{name: proxy}")).isEqualTo(Allowances.NONE);
    }

    @Test
    void haveTheListedParametersAndGuards() throws Exception {
        assertThat(allowances(
                        "{name: proxy, overridable: [port], acceptedGuards: [host-network], keepAppValues: true}"))
                .isEqualTo(new Allowances(Optional.of(Set.of("port")), Set.of("host-network"), true));
    }

    @Test
    void allowNoParameterIfTheListIsEmpty() throws Exception {
        assertThat(allowances("{name: proxy, overridable: []}").overridable()).contains(Set.of());
    }

    @Test
    void areReadInModeAudit() throws Exception {
        assertThat(read("Audit", "{name: proxy, acceptedGuards: [host-network]}")
                        .policies()
                        .getFirst()
                        .grants()
                        .getFirst()
                        .allowances()
                        .acceptedGuards())
                .containsExactly("host-network");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Enforce|{name: proxy, acceptedGuards: [hostnetwork]}"
                        + "|spec.profiles[0].acceptedGuards[0]: profile 'proxy' has no guard 'hostnetwork'; did you mean 'host-network'?",
                "Enforce|{name: proxy, overridable: [prt]}"
                        + "|spec.profiles[0].overridable[0]: profile 'proxy' has no parameter 'prt'; did you mean 'port'?",
                "Enforce|{name: proxy, overridable: [image]}"
                        + "|spec.profiles[0].overridable: profile 'proxy' locks 'image'; a policy cannot make it overridable",
                "Enforce|{name: env, overridable: []}"
                        + "|spec.profiles[0].overridable: profile 'env' needs a value for 'variables', but neither the policy nor a Pod can set it; set it under parameters, or list it here",
                "Default|{name: proxy, acceptedGuards: [host-network]}"
                        + "|spec.profiles[0].acceptedGuards: has no effect in mode Default; it is for policies of modes Enforce and Audit",
                "Enforce|{name: proxy, keepAppValues: sometimes}"
                        + "|spec.profiles[0].keepAppValues: must be true or false, is \"sometimes\""
            })
    void areRejectedIfTheyHaveNoEffect(String mode, String grant, String problem) {
        InvalidCatalogException refused = catchThrowableOfType(InvalidCatalogException.class, () -> read(mode, grant));

        assertThat(refused.problems())
                .extracting(each -> each.path() + ": " + each.message())
                .containsExactly(problem);
    }
}
