package dev.pillion.catalog.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pillion.catalog.Profile;
import dev.pillion.catalog.Profile.Access;
import dev.pillion.catalog.ProtectedParameters;
import dev.pillion.yaml.YamlReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Fields of a Pod's spec in a profile. */
class PodSpecChecksTest {

    private final List<Problem> problems = new ArrayList<>();

    private Optional<Profile> read(String access, String pod) throws Exception {
        String text = "apiVersion: pillion.dev/v1alpha1\nkind: InjectionProfile\nmetadata: {name: a}\nspec:\n"
                + "  description: Stands in a test.\n" + access + "  pod: {" + pod + "}\n";
        return ProfileReader.read("a.yaml", YamlReader.read(text).getFirst(), problems);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "serviceAccountName: agent",
                "priorityClassName: high",
                "runtimeClassName: gvisor",
                "shareProcessNamespace: true",
                "tolerations: [{operator: Exists}]",
                "securityContext: {fsGroup: 2000}",
            })
    void thatGivePermissionsRestrictAProfile(String pod) throws Exception {
        assertThat(read("", pod)).map(Profile::access).contains(Access.RESTRICTED);
        assertThat(read("  access: Restricted\n", pod)).map(Profile::access).contains(Access.RESTRICTED);
        assertThat(read("  access: Open\n", pod)).isEmpty();
        assertThat(problems)
                .singleElement()
                .extracting(Problem::message)
                .asString()
                .startsWith("must be Restricted, is Open: pod." + pod.substring(0, pod.indexOf(':')) + " ")
                .endsWith(", so a policy must permit it");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nodeSelector: {disk: ssd}",
                "affinity: {podAffinity: {}}",
                "topologySpreadConstraints: [{topologyKey: zone, maxSkew: 1, whenUnsatisfiable: DoNotSchedule}]",
                "hostAliases: [{ip: 10.0.0.1, hostnames: [a]}]",
                "dnsConfig: {searches: [a.example]}",
                "terminationGracePeriodSeconds: 60",
            })
    void thatGiveNoPermissionsLeaveAProfileOpen(String pod) throws Exception {
        assertThat(read("", pod)).map(Profile::access).contains(Access.OPEN);
        assertThat(problems).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "securityContext: {runAsUser: 0}|spec.pod.securityContext.runAsUser|a profile can have fsGroup here",
                "securityContext: \"${{'fsGroup': 1}}\"|spec.pod.securityContext|must be a map",
                "affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{}, {}]}}}|nodeSelectorTerms|must be a list with one term",
                "dnsConfig: {servers: [1.1.1.1]}|spec.pod.dnsConfig.servers|nameservers, options, searches",
                "terminationGracePeriodSeconds: -1|spec.pod.terminationGracePeriodSeconds|must not be negative",
                "priorityClassName: 7|spec.pod.priorityClassName|must be a string",
                "hostNetwork: true|spec.pod.hostNetwork|unknown field 'hostNetwork'",
            })
    void thatCannotBeAddedAreRejected(String pod, String path, String message) throws Exception {
        assertThat(read("", pod)).isEmpty();
        assertThat(problems).anySatisfy(problem -> {
            assertThat(problem.path()).endsWith(path);
            assertThat(problem.message()).contains(message);
        });
    }

    @Test
    void protectTheirParameters() throws Exception {
        Profile profile = read(
                        "  parameters: [{name: account, type: string, default: agent}]\n",
                        "serviceAccountName: \"${params.account}\"")
                .orElseThrow();

        assertThat(ProtectedParameters.of(profile)).containsExactly("account");
    }
}
