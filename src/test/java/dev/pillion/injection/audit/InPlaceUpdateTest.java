package dev.pillion.injection.audit;

import static dev.pillion.injection.Trial.annotated;
import static dev.pillion.injection.Trial.profile;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.injection.Injector;
import dev.pillion.injection.Trial;
import dev.pillion.injection.audit.InPlaceUpdate.Image;
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

class InPlaceUpdateTest {

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

    private static Optional<InPlaceUpdate> update(JsonNode pod, Trial now) {
        return InPlaceUpdate.of(
                Trial.readPod(pod), Namespace.named("shop"), new Injector(InjectionSettings.defaults()), now.catalog());
    }

    @Test
    void isTheNewImageOfASidecar() {
        InPlaceUpdate update =
                update(pod(agent("agent:1", "")), trial(agent("agent:2", ""))).orElseThrow();

        assertThat(update.images())
                .containsExactly(new Image(ContainerList.INIT_CONTAINERS, "agent", "agent:1", "agent:2"));
    }

    @Test
    void hasTheStatusOfANewPod() throws IOException {
        InPlaceUpdate update =
                update(pod(agent("agent:1", "")), trial(agent("agent:2", ""))).orElseThrow();

        JsonNode status = new JsonMapper().readTree(update.status());

        assertThat(status).isEqualTo(trial(agent("agent:2", "")).injected().status());
    }

    @Test
    void hasNoImagesIfTheChangeOfTheProfileHasNoEffect() {
        InPlaceUpdate update = update(pod(agent("agent:1", "")), trial(agent("${'agent' + ':1'}", "")))
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

        Optional<InPlaceUpdate> update =
                InPlaceUpdate.of(Trial.readPod(pod), Namespace.named("shop"), injector, now.catalog());

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

    private static String sized(String image, String resources) {
        return profile("agent", """
                sidecars: [{name: agent, image: "%s", resources: %s}]
                """.formatted(image, resources));
    }

    private static Optional<InPlaceUpdate> resize(String before, String after) {
        return update(pod(sized("agent:1", before)), trial(sized("agent:1", after)));
    }

    @Test
    void isTheNewResourcesOfASidecar() {
        InPlaceUpdate update = resize(
                        "{requests: {cpu: 10m}, limits: {memory: 64Mi}}",
                        "{requests: {cpu: 20m}, limits: {memory: 0.125Gi}}")
                .orElseThrow();

        assertThat(update.images()).isEmpty();
        assertThat(update.resizes()).singleElement().satisfies(resize -> assertThat(resize.changes())
                .hasToString("[requests.cpu 20m instead of 10m, requests.memory 0.125Gi instead of none,"
                        + " limits.memory 0.125Gi instead of 64Mi]"));
        assertThat(update.isResizing()).isFalse();
    }

    @Test
    void isTheImageAndTheResources() {
        InPlaceUpdate update = update(
                        pod(sized("agent:1", "{requests: {cpu: 10m}}")),
                        trial(sized("agent:2", "{requests: {cpu: 20m}}")))
                .orElseThrow();

        assertThat(update.images()).hasSize(1);
        assertThat(update.resizes()).hasSize(1);
    }

    /** Kubernetes forbids it, or the kubelet cannot do it. */
    @Test
    void isNotEnoughForResourcesThatCannotChange() {
        assertThat(resize("{limits: {cpu: 1, memory: 64Mi}}", "{limits: {memory: 64Mi}}"))
                .isEmpty();
        assertThat(resize("{requests: {ephemeral-storage: 1Gi}}", "{requests: {ephemeral-storage: 2Gi}}"))
                .isEmpty();
    }

    @Test
    void isNotEnoughForTheResourcesOfAnInitContainer() {
        String init = "initContainers: [{name: first, image: first, resources: {requests: {cpu: %s}}}]";

        assertThat(update(pod(agent("agent:1", init.formatted("1m"))), trial(agent("agent:1", init.formatted("2m")))))
                .isEmpty();
    }

    /** The API server gives each container with a limit a request. */
    @Test
    void theDefaultRequestChangesWithItsLimit() {
        JsonNode pod = pod(sized("agent:1", "{limits: {memory: 64Mi}}"));
        ((ObjectNode) pod.at("/spec/initContainers/0/resources"))
                .withObjectProperty("requests")
                .put("memory", "64Mi");

        InPlaceUpdate update =
                update(pod, trial(sized("agent:1", "{limits: {memory: 32Mi}}"))).orElseThrow();

        assertThat(update.resizes().getFirst().changes())
                .hasToString("[requests.memory 32Mi instead of 64Mi, limits.memory 32Mi instead of 64Mi]");
    }

    /** Otherwise the command would change what an autoscaler has set, and the autoscaler would change it again. */
    @Test
    void isEmptyIfSomeoneElseHasChangedTheResources() {
        JsonNode pod = pod(sized("agent:1", "{requests: {cpu: 10m}}"));
        ((ObjectNode) pod.at("/spec/initContainers/0/resources/requests")).put("cpu", "15m");

        assertThat(update(pod, trial(sized("agent:1", "{requests: {cpu: 20m}}"))))
                .isEmpty();
    }

    @Test
    void leavesResourcesThatSomeoneElseHasChangedIfTheProfileDoesNotChangeThem() {
        JsonNode pod = pod(sized("agent:1", "{requests: {cpu: 10m}}"));
        ((ObjectNode) pod.at("/spec/initContainers/0/resources/requests")).put("cpu", "15m");

        InPlaceUpdate update =
                update(pod, trial(sized("agent:2", "{requests: {cpu: 10m}}"))).orElseThrow();

        assertThat(update.images()).hasSize(1);
        assertThat(update.resizes()).isEmpty();
    }

    /** An earlier run of the command was interrupted. */
    @Test
    void resourcesThatThePodAlreadyHasAreNotRequestedAgain() {
        JsonNode pod = pod(sized("agent:1", "{requests: {cpu: 10m}}"));
        ((ObjectNode) pod.at("/spec/initContainers/0/resources/requests")).put("cpu", "20m");

        InPlaceUpdate update =
                update(pod, trial(sized("agent:1", "{requests: {cpu: 20m}}"))).orElseThrow();

        assertThat(update.missingResizes()).isEmpty();
        assertThat(update.isResizing()).isTrue();
    }

    /** Kubernetes has added defaults to these Pods. */
    @ParameterizedTest
    @MethodSource("dev.pillion.injection.comply.DefaultedPodsTest#cases")
    void newMemoryIsEnoughForThePodsOfKubernetesUnlessAnInitContainerHasIt(Case each) throws IOException {
        JsonNode pod = DefaultedPodsTest.stored(each);
        String yaml = Files.readString(Path.of("src/main/resources/profiles/" + each.profile() + ".yaml"));
        Trial now = each.trial(pod, yaml.replaceFirst("(?<limit>limits: \\{memory: )", "${limit}9"));
        Injector injector = new Injector(InjectionSettings.defaults().withNativeSidecars(each.nativeSidecars()));

        Optional<InPlaceUpdate> update =
                InPlaceUpdate.of(Trial.readPod(pod), Namespace.named("shop"), injector, now.catalog());

        assertThat(update.isPresent()).isEqualTo(!WITH_INIT_CONTAINERS.contains(each.profile()));
        update.ifPresent(some -> assertThat(some.resizes()).hasSize(1).allSatisfy(resize -> assertThat(resize.changes())
                .extracting(Resize.Change::resource)
                .containsExactly("limits.memory")));
    }
}
