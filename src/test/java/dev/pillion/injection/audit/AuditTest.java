package dev.pillion.injection.audit;

import static dev.pillion.injection.Trial.annotated;
import static dev.pillion.injection.Trial.profile;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.injection.Injector;
import dev.pillion.injection.Trial;
import dev.pillion.injection.audit.AuditFinding.Kind;
import dev.pillion.injection.settings.InjectionSettings;
import dev.pillion.pod.Namespace;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AuditTest {

    private static final String REQUEST = "pillion.dev/inject: agent";

    private final Trial before = annotated(REQUEST).withProfiles(agent("agent:1"));

    private static String agent(String image) {
        return profile("agent", """
                parameters: [{name: level, type: string, default: info}]
                sidecars: [{name: agent, image: "%s", args: ["--level=${params.level}"]}]
                app: {env: [{name: AGENT_LEVEL, value: "${params.level}"}]}
                """.formatted(image));
    }

    private static List<AuditFinding> findings(JsonNode pod, Trial now) {
        Audit audit = new Audit(new Injector(InjectionSettings.defaults()), now.catalog(), Audit.Detail.DIFFERENCES);
        audit.check(Trial.readPod(pod), Namespace.named("shop"));
        return audit.findings().stream().map(Audit.PodFinding::finding).toList();
    }

    private static AuditFinding onlyFinding(JsonNode pod, Trial now) {
        List<AuditFinding> findings = findings(pod, now);
        assertThat(findings).hasSize(1);
        return findings.getFirst();
    }

    private static void annotate(JsonNode pod, String name, String value) {
        ((ObjectNode) pod).withObject("/metadata/annotations").put(name, value);
    }

    @Test
    void anUpToDatePodHasNoFinding() {
        assertThat(findings(before.injected().pod(), before)).isEmpty();
    }

    @Test
    void aPodWithAnotherGenerationIsOutdated() {
        AuditFinding finding =
                onlyFinding(before.injected().pod(), annotated(REQUEST).withProfiles(agent("agent:2")));

        assertThat(finding.kind()).isEqualTo(Kind.OUTDATED);
        assertThat(finding.profile()).isEqualTo("agent");
        assertThat(finding.detail()).matches("generation \\w{8} was injected, and \\w{8} is in force now");
        assertThat(finding.differences()).containsExactly("image of container agent: agent:1 → agent:2");
    }

    @Test
    void aPodWithAnotherParameterIsOutdated() {
        JsonNode pod = before.injected().pod().deepCopy();
        annotate(pod, "agent.pillion.dev/level", "debug");

        AuditFinding finding = onlyFinding(pod, before);

        assertThat(finding.kind()).isEqualTo(Kind.OUTDATED);
        assertThat(finding.detail()).isEqualTo("it was injected with other values or for other containers");
        assertThat(finding.differences())
                .containsExactlyInAnyOrder(
                        "variable AGENT_LEVEL of container web: info → debug",
                        "args of container agent: [\"--level=info\"] → [\"--level=debug\"]");
    }

    @Test
    void aPodWithAProfileThatNothingRequestsIsOutdated() {
        JsonNode pod = before.injected().pod().deepCopy();
        ((ObjectNode) pod.at("/metadata/annotations")).remove("pillion.dev/inject");

        AuditFinding finding = onlyFinding(pod, before);

        assertThat(finding.kind()).isEqualTo(Kind.OUTDATED);
        assertThat(finding.profile()).isEqualTo("agent");
        assertThat(finding.requestedBy()).isEmpty();
        assertThat(finding.detail()).isEqualTo("nothing requests it now");
        assertThat(finding.differences())
                .containsExactlyInAnyOrder(
                        "without container agent", "variable AGENT_LEVEL of container web: info → none");
    }

    @Test
    void aPodWithTheAdditionsOfADeletedProfileIsOutdated() {
        JsonNode pod = before.injected().pod().deepCopy();
        ((ObjectNode) pod.at("/metadata/annotations")).remove("pillion.dev/inject");

        AuditFinding finding = onlyFinding(pod, annotated(REQUEST));

        assertThat(finding.kind()).isEqualTo(Kind.OUTDATED);
        assertThat(finding.profile()).isEqualTo("agent");
        assertThat(finding.detail()).isEqualTo("there is no profile 'agent' now");
    }

    @Test
    void aPodThatWouldBeDeniedIsNotOutdated() {
        AuditFinding finding = onlyFinding(before.injected().pod(), annotated(REQUEST));

        assertThat(finding.kind()).isEqualTo(Kind.DENIED);
        assertThat(finding.detail()).contains("there is no profile 'agent'");
    }

    @Test
    void aRenamedProfileLeavesAnOutdatedOneAndAMissingOne() {
        JsonNode pod = before.injected().pod().deepCopy();
        annotate(pod, "pillion.dev/inject", "reporter");
        Trial renamed = annotated(REQUEST).withProfiles(agent("agent:1").replace("{name: agent}", "{name: reporter}"));

        assertThat(findings(pod, renamed))
                .extracting(finding -> finding.kind().name() + " " + finding.profile())
                .containsExactly("OUTDATED agent", "MISSING reporter");
    }

    @Test
    void onlyTheChangedProfileOfTwoIsOutdated() {
        Trial both = annotated("pillion.dev/inject: agent, logging").withProfiles(agent("agent:1"));
        Trial changed = annotated("pillion.dev/inject: agent, logging").withProfiles(agent("agent:2"));

        AuditFinding finding = onlyFinding(both.injected().pod(), changed);

        assertThat(finding.profile()).isEqualTo("agent");
        assertThat(finding.differences()).containsExactly("image of container agent: agent:1 → agent:2");
    }

    @Test
    void aProfileThatIsRequestedLaterIsMissing() {
        JsonNode pod = before.injected().pod().deepCopy();
        annotate(pod, "pillion.dev/inject", "agent, logging");

        AuditFinding finding = onlyFinding(pod, before);

        assertThat(finding.kind()).isEqualTo(Kind.MISSING);
        assertThat(finding.profile()).isEqualTo("logging");
    }

    @Test
    void fieldsOfTheApiServerAreNoDifferences() {
        JsonNode pod = before.injected().pod().deepCopy();
        for (JsonNode container : pod.at("/spec/initContainers")) {
            ((ObjectNode) container)
                    .put("terminationMessagePath", "/dev/termination-log")
                    .put("terminationMessagePolicy", "File")
                    .put("imagePullPolicy", "IfNotPresent");
        }

        assertThat(onlyFinding(pod, annotated(REQUEST).withProfiles(agent("agent:2")))
                        .differences())
                .containsExactly("image of container agent: agent:1 → agent:2");
    }

    @Test
    void excludedNamespacesAndMirrorPodsAreNotCounted() {
        Audit audit = new Audit(new Injector(InjectionSettings.defaults()), before.catalog(), Audit.Detail.DIFFERENCES);
        JsonNode mirror = before.injected().pod().deepCopy();
        annotate(mirror, "kubernetes.io/config.mirror", "1");

        audit.check(Trial.readPod(before.injected().pod()), Namespace.named("kube-system"));
        audit.check(Trial.readPod(mirror), Namespace.named("shop"));

        assertThat(audit.pods()).isZero();
    }

    @Test
    void aRemovedCompanionIsADifferenceOfItsOwnProfileOnly() {
        Trial both = annotated("pillion.dev/inject: agent, logging").withProfiles(agent("agent:1"));
        JsonNode pod = both.injected().pod().deepCopy();
        annotate(pod, "pillion.dev/inject", "agent");

        assertThat(findings(pod, annotated(REQUEST).withProfiles(agent("agent:2"))))
                .extracting(finding -> finding.profile() + ": " + finding.differences())
                .anySatisfy(finding -> assertThat(finding)
                        .startsWith("agent: ")
                        .contains("agent:1 → agent:2")
                        .doesNotContain("log-tailer"))
                .anySatisfy(finding ->
                        assertThat(finding).startsWith("logging: ").contains("without container log-tailer"));
    }

    @Test
    void aTimeOfCreationThatIsNoneIsNotShown() {
        JsonNode pod = annotated(REQUEST)
                .withProfiles(agent("agent:1"))
                .injected()
                .pod()
                .deepCopy();
        annotate(pod, "pillion.dev/inject", "agent, logging");
        ((ObjectNode) pod.path("metadata")).putNull("creationTimestamp").putNull("deletionTimestamp");
        Audit audit = new Audit(new Injector(InjectionSettings.defaults()), before.catalog(), Audit.Detail.CAUSE);

        assertThat(audit.check(Trial.readPod(pod), Namespace.named("shop"))).isTrue();

        assertThat(audit.findings()).extracting(Audit.PodFinding::created).containsOnly(Optional.empty());
    }
}
