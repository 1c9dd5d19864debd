package dev.pillion.cli.doctor.check;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.cli.doctor.check.Finding.Status;
import dev.pillion.cluster.StubApiServer.Response;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What the checks of webhook configurations find. */
class WebhookChecksTest extends CheckedInstallation {

    /** Changes the mutating webhook. */
    private void edit(Consumer<ObjectNode> change) {
        cluster.edit(
                Resource.MUTATING_WEBHOOKS,
                "pillion",
                configuration -> change.accept((ObjectNode) configuration.at("/webhooks/0")));
    }

    /** Changes the webhook for strict namespaces. */
    private void editStrict(Consumer<ObjectNode> change) {
        cluster.edit(
                Resource.VALIDATING_WEBHOOKS,
                "pillion",
                configuration -> change.accept((ObjectNode) configuration.at("/webhooks/0")));
    }

    @Test
    void aMissingConfigurationFails() {
        cluster.delete(Resource.MUTATING_WEBHOOKS, "pillion");

        assertFound(
                new WebhooksCheck(),
                Status.FAILED,
                "MutatingWebhookConfiguration pillion does not exist, so the API server does not call Pillion");
    }

    @Test
    void aMissingWebhookFails() {
        editStrict(webhook -> webhook.put("name", "other.example.com"));

        assertThat(cluster.run(new WebhooksCheck()))
                .extracting(Finding::sentence)
                .containsExactly(
                        "Webhook strict.validate.pillion.dev is missing in ValidatingWebhookConfiguration pillion",
                        "Webhook other.example.com in ValidatingWebhookConfiguration pillion is not in the manifests");
    }

    @Test
    void otherRulesFail() {
        edit(webhook ->
                ((ObjectNode) webhook.at("/rules/0")).putArray("operations").add("UPDATE"));

        assertThat(only(new WebhooksCheck()).sentence())
                .startsWith("Webhook mutate.pillion.dev has other rules than the manifests: ");
    }

    @Test
    void otherPoliciesOfAWebhookFail() {
        edit(webhook -> {
            webhook.put("matchPolicy", "Exact").put("sideEffects", "None");
            webhook.remove("reinvocationPolicy");
        });

        assertThat(cluster.run(new WebhooksCheck()))
                .extracting(Finding::sentence)
                .containsExactly(
                        "Webhook mutate.pillion.dev has matchPolicy Exact instead of Equivalent",
                        "Webhook mutate.pillion.dev has sideEffects None instead of NoneOnDryRun",
                        "Webhook mutate.pillion.dev has reinvocationPolicy Never instead of IfNeeded");
    }

    @Test
    void anotherServiceFails() {
        edit(webhook -> webhook.withObject("/clientConfig/service").put("namespace", "other"));

        assertFound(
                new WebhooksCheck(),
                Status.FAILED,
                "Webhook mutate.pillion.dev calls Service other/pillion:443/mutate instead of Service"
                        + " pillion/pillion:443/mutate");
    }

    @Test
    void aUrlIsAWarning() {
        edit(webhook -> webhook.putObject("clientConfig").put("url", "https://pillion.example.com/mutate"));

        assertFound(
                new WebhooksCheck(),
                Status.WARNING,
                "Webhook mutate.pillion.dev calls the URL https://pillion.example.com/mutate instead of Pillion's Service");
    }

    @Test
    void whatTheChartHasValuesForMayBeChanged() {
        edit(webhook -> {
            webhook.put("timeoutSeconds", 2).put("failurePolicy", "Fail");
            exclusion(webhook).withArray("values").add("monitoring");
        });
        editStrict(webhook -> webhook.put("failurePolicy", "Ignore"));

        assertThat(only(new WebhooksCheck()).status()).isEqualTo(Status.OK);
    }

    private static ObjectNode exclusion(JsonNode webhook) {
        return (ObjectNode) webhook.at("/namespaceSelector/matchExpressions/0");
    }

    @Test
    void anUnusualTimeoutIsAWarning() {
        edit(webhook -> webhook.put("timeoutSeconds", 30));
        assertFound(
                new WebhooksCheck(),
                Status.WARNING,
                "Webhook mutate.pillion.dev has timeoutSeconds 30. If Pillion does not answer, the API server waits that long before it creates a Pod");

        edit(webhook -> webhook.put("timeoutSeconds", 1));
        assertFound(
                new WebhooksCheck(),
                Status.WARNING,
                "Webhook mutate.pillion.dev has timeoutSeconds 1, which leaves no time for a retry");
    }

    @Test
    void aNamespaceThatIsNotExcludedIsFound() {
        edit(webhook -> exclusion(webhook).putArray("values").add("kube-system").add("kube-node-lease"));
        assertFound(
                new WebhooksCheck(), Status.WARNING, "Webhook mutate.pillion.dev does not exclude namespace pillion");

        edit(webhook -> webhook.put("failurePolicy", "Fail"));
        assertFound(
                new WebhooksCheck(),
                Status.FAILED,
                "Webhook mutate.pillion.dev does not exclude namespace pillion and has failurePolicy Fail, so Pillion cannot"
                        + " start after an outage");
    }

    @Test
    void aWebhookThatSelectsOtherNamespacesFails() {
        editStrict(webhook -> exclusion(webhook).put("key", "example.com/enforcement"));

        assertThat(cluster.run(new WebhooksCheck()))
                .extracting(Finding::status)
                .containsExactly(Status.FAILED, Status.WARNING);
    }

    @Test
    void moreConditionsAreAWarning() {
        edit(webhook -> {
            webhook.putObject("objectSelector").putObject("matchLabels").put("inject", "yes");
            webhook.withObject("/namespaceSelector").putObject("matchLabels").put("inject", "yes");
            ((ObjectNode) webhook.at("/matchConditions/0")).put("name", "mine");
        });

        assertThat(cluster.run(new WebhooksCheck()))
                .allSatisfy(finding -> assertThat(finding.status()).isEqualTo(Status.WARNING))
                .extracting(Finding::sentence)
                .containsExactly(
                        "Webhook mutate.pillion.dev has a namespaceSelector with more conditions than the manifests, so the"
                                + " API server does not call Pillion for all namespaces",
                        "Webhook mutate.pillion.dev has no matchCondition not-a-mirror-pod",
                        "Webhook mutate.pillion.dev has a matchCondition that is not in the manifests: mine",
                        "Webhook mutate.pillion.dev has an objectSelector, so the API server does not call Pillion for all"
                                + " Pods");
    }

    private void alsoInstalled(String... names) {
        ObjectNode[] items = new ObjectNode[names.length];
        for (int index = 0; index < names.length; index++) {
            items[index] = FakeInstallation.tree("""
                    {"metadata": {"name": "%s"}, "webhooks": [{"rules": [
                      {"apiGroups": [""], "operations": ["CREATE"], "resources": ["pods"]}]}]}
                    """.formatted(names[index]));
        }
        cluster.list(Resource.MUTATING_WEBHOOKS, "", items);
    }

    @Test
    void webhooksThatRunBeforePillionAreNamed() {
        alsoInstalled("istio-sidecar-injector", "a-mirror");

        assertFound(
                new OtherWebhooksCheck(),
                Status.OK,
                "Other mutating webhooks run before Pillion: Istio (istio-sidecar-injector; istio-proxy is known as a"
                        + " third-party sidecar. If Istio rewrites probes, the table in"
                        + " docs/enforcement.md#accept-what-your-cluster-adds has its settings), Webhook configuration"
                        + " a-mirror");
    }

    @Test
    void aWebhookThatRunsAfterPillionIsAWarning() {
        alsoInstalled("vault-agent-injector-cfg");

        assertFound(
                new OtherWebhooksCheck(),
                Status.WARNING,
                "Vault (vault-agent-injector-cfg; vault-agent is known as a third-party sidecar) runs after Pillion and can"
                        + " change companions. Pillion is called again and adds removed companions, but does not undo"
                        + " changes");
    }

    @Test
    void aWebhookThatRunsAfterPillionFailsIfPillionIsNotCalledAgain() {
        alsoInstalled("z-other");
        edit(webhook -> webhook.put("reinvocationPolicy", "Never"));

        assertFound(
                new OtherWebhooksCheck(),
                Status.FAILED,
                "Webhook configuration z-other runs after Pillion and can remove companions, and Pillion is not called"
                        + " again");
    }

    @Test
    void aWebhookForOtherObjectsOrForNoNamespaceIsNotNamed() {
        cluster.list(Resource.MUTATING_WEBHOOKS, "", FakeInstallation.tree("""
                        {"metadata": {"name": "z-services"}, "webhooks": [{"rules": [
                          {"apiGroups": [""], "operations": ["*"], "resources": ["services"]}]}]}
                        """), FakeInstallation.tree("""
                        {"metadata": {"name": "z-none"}, "webhooks": [{
                          "namespaceSelector": {"matchLabels": {"nobody": "has-this"}},
                          "rules": [{"apiGroups": ["*"], "operations": ["*"], "resources": ["*"]}]}]}
                        """));

        assertFound(new OtherWebhooksCheck(), Status.OK, "No other mutating webhook changes Pods");
    }

    @Test
    void saysWhatStrictNamespacesDoDuringAnOutage() {
        cluster.namespaces("bank pillion.dev/enforcement=strict", "default");

        assertFound(
                new OutageCheck(),
                Status.OK,
                "While Pillion is unavailable, no Pod starts in the strict namespace bank. Pods of other namespaces start"
                        + " without companions");
    }

    @Test
    void strictNamespacesWithoutAReplicaFail() {
        cluster.namespaces("bank pillion.dev/enforcement=strict", "shop pillion.dev/enforcement=strict");
        cluster.edit(Resource.DEPLOYMENT, "pillion", deployment -> deployment.putObject("status"));

        assertFound(
                new OutageCheck(),
                Status.FAILED,
                "No replica is ready, so no Pod starts in the strict namespaces bank, shop");
    }

    @Test
    void strictNamespacesWithOneReplicaAreAWarning() {
        cluster.namespaces("bank pillion.dev/enforcement=strict");
        cluster.edit(Resource.DEPLOYMENT, "pillion", deployment -> deployment
                .putObject("status")
                .put("readyReplicas", 1));

        assertFound(
                new OutageCheck(),
                Status.WARNING,
                "Only one replica is ready. Without it, no Pod starts in the strict namespace bank");
    }

    @Test
    void aStrictLabelWithoutEffectIsAWarning() {
        cluster.namespaces("kube-system pillion.dev/enforcement=strict");

        assertFound(
                new OutageCheck(),
                Status.WARNING,
                "The label pillion.dev/enforcement=strict has no effect in namespace kube-system, because the webhook"
                        + " strict.validate.pillion.dev excludes this namespace");
    }

    @Test
    void otherFailurePoliciesAreWarnings() {
        cluster.namespaces("bank pillion.dev/enforcement=strict");
        edit(webhook -> webhook.put("failurePolicy", "Fail"));
        editStrict(webhook -> webhook.put("failurePolicy", "Ignore"));

        assertThat(cluster.run(new OutageCheck()))
                .allSatisfy(finding -> assertThat(finding.status()).isEqualTo(Status.WARNING))
                .extracting(Finding::sentence)
                .containsExactly(
                        "Webhook mutate.pillion.dev has failurePolicy Fail: while Pillion is unavailable, no Pod starts in"
                                + " any namespace that is not excluded",
                        "Webhook strict.validate.pillion.dev does not fail closed: while Pillion is unavailable, Pods start"
                                + " without enforced companions in the strict namespace bank");
    }

    @Test
    void aPodWithoutItsCompanionFails() {
        cluster.server.onPost("/api/v1/namespaces/default/pods?dryRun=All", pod -> new Response(201, pod));

        assertFound(
                new DryRunPodCheck(),
                Status.FAILED,
                "A Pod in namespace default that requests the profile logging gets no companion. The API server cannot call"
                        + " Pillion, or the webhook excludes the namespace");
    }

    @Test
    void aWebhookThatCannotBeCalledFails() {
        cluster.rejectPod(
                500,
                "Internal error occurred: failed calling webhook \\\"strict.validate.pillion.dev\\\": failed to call webhook:"
                        + " Post \\\"https://pillion.pillion.svc:443/validate?timeout=5s\\\": connection refused");

        Finding finding = only(new DryRunPodCheck());
        assertThat(finding.status()).isEqualTo(Status.FAILED);
        assertThat(finding.sentence())
                .isEqualTo(
                        "The API server cannot call the webhook strict.validate.pillion.dev: failed to call webhook: Post"
                                + " \"https://pillion.pillion.svc:443/validate?timeout=5s\": connection refused");
        assertThat(finding.fix()).isEqualTo("Follow docs/operations.md#pillionwebhookfailingopen");
    }

    @Test
    void aDenialIsAWarningBecauseTheWebhookAnswered() {
        cluster.rejectPod(403, "admission webhook \\\"mutate.pillion.dev\\\" denied the request: unknown profile");

        Finding finding = only(new DryRunPodCheck());
        assertThat(finding.status()).isEqualTo(Status.WARNING);
        assertThat(finding.sentence())
                .isEqualTo("Not checked completely: a Pod in namespace default is denied. admission webhook"
                        + " \"mutate.pillion.dev\" denied the request: unknown profile");
        assertThat(finding.fix()).startsWith("Pillion answers.");
    }

    @Test
    void aWebhookThatDoesNotSupportDryRunsIsNamed() {
        cluster.rejectPod(400, "admission webhook \\\"other.example.com\\\" does not support dry run");

        assertFound(
                new DryRunPodCheck(),
                Status.WARNING,
                "Not checked: the webhook other.example.com does not support dry runs");
    }

    @Test
    void anotherRejectionIsAWarning() {
        cluster.rejectPod(403, "pods is forbidden: exceeded quota: small");

        assertFound(
                new DryRunPodCheck(),
                Status.WARNING,
                "Not checked completely: the API server rejects a Pod in namespace default (403): pods is forbidden:"
                        + " exceeded quota: small");
    }
}
