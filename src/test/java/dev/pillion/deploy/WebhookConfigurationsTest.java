package dev.pillion.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.LabelSelectorRequirement;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhook;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.RuleWithOperations;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhook;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhookConfiguration;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The webhook configurations in {@code deploy/base}. */
class WebhookConfigurationsTest {

    private static final Path FILE = Path.of("deploy/base/webhooks.yaml");

    private static MutatingWebhook mutate;
    private static Map<String, ValidatingWebhook> validate;

    @BeforeAll
    static void read() throws Exception {
        List<HasMetadata> resources;
        try (InputStream file = Files.newInputStream(FILE)) {
            resources = Serialization.unmarshal(file);
        }
        mutate = ((MutatingWebhookConfiguration) resources.getFirst())
                .getWebhooks()
                .getFirst();
        validate = ((ValidatingWebhookConfiguration) resources.getLast())
                .getWebhooks().stream().collect(Collectors.toMap(ValidatingWebhook::getName, Function.identity()));
    }

    @Test
    void onlyTheValidationOfPodsInStrictNamespacesFailsClosed() {
        ValidatingWebhook strict = validate.get("strict.validate.pillion.dev");
        assertThat(strict.getFailurePolicy()).isEqualTo("Fail");
        assertThat(strict.getNamespaceSelector().getMatchExpressions())
                .contains(requirement("pillion.dev/enforcement", "In", "strict"));

        assertThat(mutate.getFailurePolicy()).isEqualTo("Ignore");
        assertThat(validate.values())
                .filteredOn(webhook -> !webhook.equals(strict))
                .allSatisfy(webhook -> assertThat(webhook.getFailurePolicy()).isEqualTo("Ignore"));
    }

    @Test
    void everyPodIsValidatedByExactlyOneWebhook() {
        assertThat(validate.get("validate.pillion.dev").getNamespaceSelector().getMatchExpressions())
                .contains(requirement("pillion.dev/enforcement", "NotIn", "strict"));
    }

    @Test
    void podsOfTheControlPlaneAndOfPillionAreExcluded() {
        LabelSelectorRequirement excluded =
                requirement("kubernetes.io/metadata.name", "NotIn", "kube-system", "kube-node-lease", "pillion");
        assertThat(mutate.getNamespaceSelector().getMatchExpressions()).contains(excluded);
        assertThat(List.of("strict.validate.pillion.dev", "validate.pillion.dev"))
                .allSatisfy(name -> assertThat(
                                validate.get(name).getNamespaceSelector().getMatchExpressions())
                        .contains(excluded));
    }

    @Test
    void onlyTheCreationOfPodsIsReviewed() {
        RuleWithOperations rule = mutate.getRules().getFirst();
        assertThat(mutate.getRules()).hasSize(1);
        assertThat(rule.getOperations()).containsExactly("CREATE");
        assertThat(rule.getResources()).containsExactly("pods");
        assertThat(validate.get("strict.validate.pillion.dev").getRules()).containsExactly(rule);
        assertThat(validate.get("validate.pillion.dev").getRules()).containsExactly(rule);
    }

    /** The API server converts a Pod of another API version instead of skipping the webhook. */
    @Test
    void podsOfEveryApiVersionAreReviewed() {
        assertThat(mutate.getMatchPolicy()).isEqualTo("Equivalent");
        assertThat(validate.values())
                .allSatisfy(webhook -> assertThat(webhook.getMatchPolicy()).isEqualTo("Equivalent"));
    }

    private static LabelSelectorRequirement requirement(String key, String operator, String... values) {
        return new LabelSelectorRequirement(key, operator, List.of(values));
    }
}
