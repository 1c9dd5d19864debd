package dev.pillion.injection.audit;

import static dev.pillion.injection.Trial.annotated;
import static dev.pillion.injection.Trial.profile;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.injection.Injector;
import dev.pillion.injection.Trial;
import dev.pillion.injection.audit.ImageUpdate.Image;
import dev.pillion.injection.comply.DefaultedPodsTest;
import dev.pillion.injection.comply.DefaultedPodsTest.Case;
import dev.pillion.injection.settings.InjectionSettings;
import dev.pillion.pod.ContainerList;
import dev.pillion.pod.Namespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ImageUpdateTest {

    private static final String REQUEST = "pillion.dev/inject: agent";

    /** Profiles whose image is used by an init container too, or that have no sidecar. */
    private static final Set<String> WITH_INIT_CONTAINERS =
            Set.of("env", "file-sync", "git-sync", "migrate", "permissions", "prefetch", "wait-for");

    private static String agent(String image, String more) {
        return profile("agent", """
                sidecars: [{name: agent, image: "%s", args: ["--level=info"]}]
                %s
                """.formatted(image, more));
    }

    private static Trial trial(String profile) {
        return annotated(REQUEST).withProfiles(profile);
    }

    private static JsonNode pod(String profile) {
        return trial(profile).injected().pod();
    }

    private static Optional<ImageUpdate> update(JsonNode pod, Trial now) {
        return ImageUpdate.of(
                Trial.readPod(pod), Namespace.named("shop"), new Injector(InjectionSettings.defaults()), now.catalog());
    }

    @Test
    void isTheNewImageOfASidecar() {
        ImageUpdate update =
                update(pod(agent("agent:1", "")), trial(agent("agent:2", ""))).orElseThrow();

        assertThat(update.images())
                .containsExactly(new Image(ContainerList.INIT_CONTAINERS, "agent", "agent:1", "agent:2"));
    }

    @Test
    void hasTheStatusOfANewPod() throws IOException {
        ImageUpdate update =
                update(pod(agent("agent:1", "")), trial(agent("agent:2", ""))).orElseThrow();

        JsonNode status = new JsonMapper().readTree(update.status());

        assertThat(status).isEqualTo(trial(agent("agent:2", "")).injected().status());
    }

    @Test
    void hasNoImagesIfTheChangeOfTheProfileHasNoEffect() {
        ImageUpdate update = update(pod(agent("agent:1", "")), trial(agent("${'agent' + ':1'}", "")))
                .orElseThrow();

        assertThat(update.images()).isEmpty();
    }

    /** Kubernetes has added defaults to these Pods. */
    @ParameterizedTest
    @MethodSource("dev.pillion.injection.comply.DefaultedPodsTest#cases")
    void isEnoughForThePodsOfKubernetesUnlessAnInitContainerHasTheImage(Case each) throws IOException {
        JsonNode pod = DefaultedPodsTest.stored(each);
        String yaml = Files.readString(Path.of("src/main/resources/profiles/" + each.profile() + ".yaml"));
        Trial now = each.trial(pod, yaml.replaceFirst("(type: image\\n +default: \"?[^\"\\n]+)", "$1-new"));
        Injector injector = new Injector(InjectionSettings.defaults().withNativeSidecars(each.nativeSidecars()));

        Optional<ImageUpdate> update =
                ImageUpdate.of(Trial.readPod(pod), Namespace.named("shop"), injector, now.catalog());

        assertThat(update.isPresent()).isEqualTo(!WITH_INIT_CONTAINERS.contains(each.profile()));
        update.ifPresent(some -> assertThat(some.images()).hasSize(1).allSatisfy(image -> assertThat(image.needed())
                .isEqualTo(image.present() + "-new")));
    }

    @Test
    void isNotEnoughIfAnotherFieldDiffers() {
        JsonNode pod = pod(agent("agent:1", ""));

        assertThat(update(pod, trial(agent("agent:2", "").replace("info", "debug"))))
                .isEmpty();
        assertThat(update(pod, trial(agent("agent:2", "app: {env: [{name: A, value: b}]}"))))
                .isEmpty();
        assertThat(update(pod, trial(agent("agent:2", "pod: {labels: {a: b}}"))))
                .isEmpty();
        assertThat(update(pod, trial(agent("agent:2", "initContainers: [{name: first, image: first}]"))))
                .isEmpty();
    }

    @Test
    void isNotEnoughForAnInitContainer() {
        String init = "initContainers: [{name: first, image: \"first:%s\"}]";

        assertThat(update(pod(agent("agent:1", init.formatted(1))), trial(agent("agent:2", init.formatted(2)))))
                .isEmpty();
    }

    @Test
    void isEmptyForAnUpToDatePod() {
        assertThat(update(pod(agent("agent:1", "")), trial(agent("agent:1", ""))))
                .isEmpty();
    }

    @Test
    void isEmptyForAPodThatWouldBeDenied() {
        JsonNode pod = pod(agent("agent:1", ""));
        ((ObjectNode) pod).withObject("/metadata/annotations").put("pillion.dev/inject", "agnt");

        assertThat(update(pod, trial(agent("agent:2", "")))).isEmpty();
    }

    /** A mirror webhook may change the image again only when a Pod is created. */
    @Test
    void isEmptyIfAnotherWebhookHasChangedTheImage() {
        JsonNode pod = pod(agent("agent:1", ""));
        ((ObjectNode) pod.at("/spec/initContainers/0")).put("image", "mirror.example/agent:1");

        assertThat(update(pod, trial(agent("agent:2", "")))).isEmpty();
    }

    @Test
    void isTheImagesOfAllProfilesOfThePod() {
        String other = profile("other", "sidecars: [{name: other, image: \"other:%s\"}]");
        Trial before =
                annotated("pillion.dev/inject: agent,other").withProfiles(agent("agent:1", ""), other.formatted("1"));
        Trial now =
                annotated("pillion.dev/inject: agent,other").withProfiles(agent("agent:2", ""), other.formatted("2"));

        assertThat(update(before.injected().pod(), now).orElseThrow().images())
                .extracting(Image::needed)
                .isEqualTo(List.of("agent:2", "other:2"));
    }
}
