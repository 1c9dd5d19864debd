package dev.pillion.cluster.certificate;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.pillion.certificates.CertificateAuthority;
import dev.pillion.certificates.InvalidCertificateException;
import dev.pillion.certificates.IssuedCertificate;
import dev.pillion.certificates.Pem;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhook;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhook;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.WebhookClientConfig;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The authorities that the API server trusts when it calls the webhooks: {@code clientConfig.caBundle} of each webhook in the two webhook
 * configurations with one name. No other field is written. Either configuration may be absent.
 */
public final class CaBundles {

    static final String RIGHT = "get and patch on the webhook configurations";

    private final KubernetesClient client;
    private final String name;

    private record Webhook(String name, WebhookClientConfig clientConfig) {}

    /** @param name of the MutatingWebhookConfiguration and of the ValidatingWebhookConfiguration */
    public CaBundles(KubernetesClient client, String name) {
        this.client = client;
        this.name = name;
    }

    /**
     * Sets {@code caBundle} of all webhooks.
     *
     * @param bundle PEM
     * @return the webhooks that had another value
     * @throws io.fabric8.kubernetes.client.KubernetesClientException if the API server cannot be reached or rejects the request
     */
    List<String> keep(String bundle) {
        String wanted = Base64.getEncoder().encodeToString(bundle.getBytes(StandardCharsets.UTF_8));
        List<String> changed = new ArrayList<>();
        changed.addAll(
                keep(client.resources(MutatingWebhookConfiguration.class).withName(name), CaBundles::mutating, wanted));
        changed.addAll(keep(
                client.resources(ValidatingWebhookConfiguration.class).withName(name), CaBundles::validating, wanted));
        return changed;
    }

    /**
     * The authorities that Pillion created and that any webhook trusts. Other certificates and invalid values are left out.
     *
     * @throws io.fabric8.kubernetes.client.KubernetesClientException if the API server cannot be reached or rejects the request
     */
    List<X509Certificate> authorities() {
        return webhooks().stream()
                .flatMap(webhook -> trusted(webhook).stream())
                .filter(CertificateAuthority::isOwn)
                .distinct()
                .toList();
    }

    /**
     * Whether all webhooks trust the authority that signed a certificate.
     *
     * @throws io.fabric8.kubernetes.client.KubernetesClientException if the API server cannot be reached or rejects the request
     */
    public boolean trust(IssuedCertificate issued) {
        return webhooks().stream().allMatch(webhook -> issued.isTrustedBy(trusted(webhook)));
    }

    private List<Webhook> webhooks() {
        return Stream.concat(
                        Optional.ofNullable(client.resources(MutatingWebhookConfiguration.class)
                                        .withName(name)
                                        .get())
                                .map(CaBundles::mutating)
                                .orElse(List.of())
                                .stream(),
                        Optional.ofNullable(client.resources(ValidatingWebhookConfiguration.class)
                                        .withName(name)
                                        .get())
                                .map(CaBundles::validating)
                                .orElse(List.of())
                                .stream())
                .toList();
    }

    private static List<X509Certificate> trusted(Webhook webhook) {
        try {
            String bundle = Objects.requireNonNullElse(webhook.clientConfig().getCaBundle(), "");
            return Pem.certificates(new String(Base64.getDecoder().decode(bundle), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException | InvalidCertificateException e) {
            return List.of();
        }
    }

    private static <T extends HasMetadata> List<String> keep(
            Resource<T> configuration, Function<T, List<Webhook>> webhooksOf, String wanted) {
        Optional<T> present = Optional.ofNullable(configuration.get());
        List<Webhook> webhooks = present.map(webhooksOf).orElse(List.of());
        List<String> changed = new ArrayList<>();
        ArrayNode patch = JsonNodeFactory.instance.arrayNode();
        for (int index = 0; index < webhooks.size(); index++) {
            Webhook webhook = webhooks.get(index);
            if (!wanted.equals(webhook.clientConfig().getCaBundle())) {
                String path = "/webhooks/" + index;
                // Someone may have put another webhook at this index meanwhile.
                patch.addObject().put("op", "test").put("path", path + "/name").put("value", webhook.name());
                patch.addObject()
                        .put("op", "add")
                        .put("path", path + "/clientConfig/caBundle")
                        .put("value", wanted);
                changed.add(webhook.name());
            }
        }
        if (!changed.isEmpty()) {
            // A leader that was delayed must not overwrite what its successor wrote after this was read.
            patch.insertObject(0)
                    .put("op", "test")
                    .put("path", "/metadata/resourceVersion")
                    .put("value", present.orElseThrow().getMetadata().getResourceVersion());
            configuration.patch(PatchContext.of(PatchType.JSON), patch.toString());
        }
        return changed;
    }

    private static List<Webhook> mutating(MutatingWebhookConfiguration configuration) {
        List<MutatingWebhook> webhooks = configuration.getWebhooks();
        return webhooks.stream()
                .map(it -> new Webhook(it.getName(), it.getClientConfig()))
                .toList();
    }

    private static List<Webhook> validating(ValidatingWebhookConfiguration configuration) {
        List<ValidatingWebhook> webhooks = configuration.getWebhooks();
        return webhooks.stream()
                .map(it -> new Webhook(it.getName(), it.getClientConfig()))
                .toList();
    }
}
