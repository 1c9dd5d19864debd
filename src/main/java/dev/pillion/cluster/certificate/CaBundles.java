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
 * Whom the API server trusts when it calls the webhooks: {@code clientConfig.caBundle} of each webhook in the two webhook
 * configurations of one name. No other field is written here; a configuration that is not there is not missed.
 */
public final class CaBundles {

    static final String RIGHT = "get and patch on the webhook configurations";

    private final KubernetesClient client;
    private final String name;

    private record Hook(String name, WebhookClientConfig clientConfig) {}

    /** @param name of the MutatingWebhookConfiguration and of the ValidatingWebhookConfiguration */
    public CaBundles(KubernetesClient client, String name) {
        this.client = client;
        this.name = name;
    }

    /**
     * Makes all webhooks trust the authorities, and no others.
     *
     * @param bundle PEM
     * @return the webhooks that did not
     * @throws io.fabric8.kubernetes.client.KubernetesClientException when the API server is away or refuses
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
     * The authorities that Pillion made and any of the webhooks trusts. Certificates of others, and what is no certificate, are left out.
     *
     * @throws io.fabric8.kubernetes.client.KubernetesClientException when the API server is away or refuses
     */
    List<X509Certificate> authorities() {
        return hooks().stream()
                .flatMap(hook -> trusted(hook).stream())
                .filter(CertificateAuthority::isOwn)
                .distinct()
                .toList();
    }

    /**
     * Whether all webhooks trust the authority that signed a certificate.
     *
     * @throws io.fabric8.kubernetes.client.KubernetesClientException when the API server is away or refuses
     */
    public boolean trust(IssuedCertificate issued) {
        return hooks().stream().allMatch(hook -> issued.isTrustedBy(trusted(hook)));
    }

    private List<Hook> hooks() {
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

    private static List<X509Certificate> trusted(Hook hook) {
        try {
            String bundle = Objects.requireNonNullElse(hook.clientConfig().getCaBundle(), "");
            return Pem.certificates(new String(Base64.getDecoder().decode(bundle), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException | InvalidCertificateException e) {
            return List.of();
        }
    }

    private static <T extends HasMetadata> List<String> keep(
            Resource<T> configuration, Function<T, List<Hook>> hooksOf, String wanted) {
        Optional<T> present = Optional.ofNullable(configuration.get());
        List<Hook> hooks = present.map(hooksOf).orElse(List.of());
        List<String> changed = new ArrayList<>();
        ArrayNode patch = JsonNodeFactory.instance.arrayNode();
        for (int index = 0; index < hooks.size(); index++) {
            Hook hook = hooks.get(index);
            if (!wanted.equals(hook.clientConfig().getCaBundle())) {
                String path = "/webhooks/" + index;
                // Someone may have put another webhook in this place meanwhile.
                patch.addObject().put("op", "test").put("path", path + "/name").put("value", hook.name());
                patch.addObject()
                        .put("op", "add")
                        .put("path", path + "/clientConfig/caBundle")
                        .put("value", wanted);
                changed.add(hook.name());
            }
        }
        if (!changed.isEmpty()) {
            // A leader that was held up must not undo what its successor wrote after this was read.
            patch.insertObject(0)
                    .put("op", "test")
                    .put("path", "/metadata/resourceVersion")
                    .put("value", present.orElseThrow().getMetadata().getResourceVersion());
            configuration.patch(PatchContext.of(PatchType.JSON), patch.toString());
        }
        return changed;
    }

    private static List<Hook> mutating(MutatingWebhookConfiguration configuration) {
        List<MutatingWebhook> webhooks = configuration.getWebhooks();
        return webhooks.stream()
                .map(it -> new Hook(it.getName(), it.getClientConfig()))
                .toList();
    }

    private static List<Hook> validating(ValidatingWebhookConfiguration configuration) {
        List<ValidatingWebhook> webhooks = configuration.getWebhooks();
        return webhooks.stream()
                .map(it -> new Hook(it.getName(), it.getClientConfig()))
                .toList();
    }
}
