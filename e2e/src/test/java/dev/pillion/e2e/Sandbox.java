package dev.pillion.e2e;

import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A namespace of one test, with the actions of a user in it. */
final class Sandbox implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final KubernetesClient client;
    private final String namespace;

    private Sandbox(KubernetesClient client, String namespace) {
        this.client = client;
        this.namespace = namespace;
    }

    static Sandbox open(KubernetesClient client, Map<String, String> labels) {
        Namespace made = client.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withGenerateName("pillion-e2e-")
                        .withLabels(labels)
                        .endMetadata()
                        .build())
                .create();
        Sandbox sandbox = new Sandbox(client, made.getMetadata().getName());
        await("the default ServiceAccount")
                .atMost(PATIENCE)
                .until(() -> client.serviceAccounts()
                                .inNamespace(sandbox.namespace)
                                .withName("default")
                                .get()
                        != null);
        return sandbox;
    }

    String namespace() {
        return namespace;
    }

    KubernetesClient client() {
        return client;
    }

    /** Labels the namespace itself. */
    void label(String label) {
        Command.run(List.of("kubectl", "label", "namespace", namespace, label, "--overwrite"))
                .orFail();
    }

    void annotate(String annotation) {
        Command.run(List.of("kubectl", "annotate", "namespace", namespace, annotation, "--overwrite"))
                .orFail();
    }

    Command kubectl(String... arguments) {
        return Command.run(kubectlLine(arguments));
    }

    private List<String> kubectlLine(String... arguments) {
        List<String> line = new ArrayList<>(List.of("kubectl", "--namespace=" + namespace));
        line.addAll(List.of(arguments));
        return line;
    }

    /** Creates the objects of a manifest. Returns the result of kubectl. */
    Command tryToCreate(String manifest) {
        return Command.run(kubectlLine("create", "--filename=-"), manifest);
    }

    /** Creates the objects of a manifest without storing them. The output is the result as YAML. */
    Command rehearse(String manifest) {
        return Command.run(kubectlLine("create", "--dry-run=server", "--output=yaml", "--filename=-"), manifest);
    }

    String create(String manifest) {
        return tryToCreate(manifest).orFail();
    }

    /** Creates the objects of one of the repository's examples. */
    String createExample(String name) throws IOException {
        return create(Files.readString(Environment.ROOT.resolve("examples").resolve(name)));
    }

    Pod pod(String name) {
        return client.pods().inNamespace(namespace).withName(name).get();
    }

    List<Pod> pods(String labels) {
        return client.pods()
                .inNamespace(namespace)
                .withLabelSelector(labels)
                .list()
                .getItems();
    }

    Pod awaitPod(String name, String what, Predicate<Pod> condition) {
        try {
            Pod[] seen = new Pod[1];
            await(what).atMost(PATIENCE).pollInterval(Duration.ofMillis(200)).until(() -> {
                seen[0] = pod(name);
                return seen[0] != null && condition.test(seen[0]);
            });
            return seen[0];
        } catch (org.awaitility.core.ConditionTimeoutException e) {
            throw new AssertionError(
                    "Pod " + name + ": " + what + " did not happen in time.\n"
                            + kubectl("describe", "pod", name).output(),
                    e);
        }
    }

    Pod awaitReady(String pod) {
        return awaitPod(pod, "ready", Sandbox::isReady);
    }

    Pod awaitPhase(String pod, String phase) {
        return awaitPod(pod, phase, it -> phase.equals(it.getStatus().getPhase()));
    }

    /** Waits until the first Pod with these labels is ready. */
    Pod awaitReadyPodOf(String labels) {
        return awaitReady(awaitAnyPodOf(labels).getMetadata().getName());
    }

    Pod awaitAnyPodOf(String labels) {
        await("a Pod with " + labels).atMost(PATIENCE).until(() -> !pods(labels).isEmpty());
        return pods(labels).getFirst();
    }

    /** Waits until the API server calls Pillion for this namespace. It starts to call a new webhook only after a moment. */
    void awaitWebhook() {
        await("the API server calls Pillion").atMost(Duration.ofMinutes(3)).until(() -> kubectl(
                        "run",
                        "probe",
                        "--image=busybox:1.37",
                        "--dry-run=server",
                        "--annotations=pillion.dev/inject=no-such-profile")
                .errors()
                .contains("there is no profile 'no-such-profile'"));
    }

    /** Waits until the API server no longer calls a webhook for this namespace. It notices a deletion only after a moment. */
    void awaitNoCallOf(String webhook) {
        await("the API server no longer calls " + webhook)
                .atMost(Duration.ofMinutes(3))
                .until(() -> {
                    long before = WebhookLatency.of(this, webhook).calls();
                    Command created = kubectl("run", "probe", "--image=busybox:1.37", "--dry-run=server");
                    return created.exitCode() == 0
                            && WebhookLatency.of(this, webhook).calls() == before;
                });
    }

    Command logs(String pod, String container) {
        return kubectl("logs", pod, "--container=" + container);
    }

    /** Waits until the log of a container contains a text. */
    void awaitLog(String pod, String container, String text) {
        Command[] last = new Command[1];
        try {
            await().atMost(PATIENCE).pollInterval(Duration.ofMillis(300)).until(() -> {
                last[0] = logs(pod, container);
                return last[0].output().contains(text);
            });
        } catch (org.awaitility.core.ConditionTimeoutException e) {
            throw new AssertionError(
                    "container " + container + " of Pod " + pod + " never wrote '" + text + "', but:\n"
                            + last[0].output() + last[0].errors(),
                    e);
        }
    }

    /** Waits until the log of a container contains a text twice, which takes 30 s if a companion repeats the text. */
    void awaitRepeatedLog(String pod, String container, String text) {
        await("container " + container + " of Pod " + pod + " repeats '" + text + "'")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofSeconds(1))
                .until(() -> logs(pod, container).output().split(Pattern.quote(text), -1).length > 2);
    }

    /** Waits until a container has ended. Returns its state. */
    ContainerStateTerminated awaitEnd(String pod, String container) {
        Pod ended = awaitPod(pod, "container " + container + " ends", it -> termination(it, container)
                .isPresent());
        return termination(ended, container).orElseThrow();
    }

    private static Optional<ContainerStateTerminated> termination(Pod pod, String container) {
        return Stream.concat(
                        pod.getStatus().getInitContainerStatuses().stream(),
                        pod.getStatus().getContainerStatuses().stream())
                .filter(status -> status.getName().equals(container))
                .flatMap(status -> Stream.of(status.getState(), status.getLastState()))
                .filter(Objects::nonNull)
                .map(ContainerState::getTerminated)
                .filter(Objects::nonNull)
                .findFirst();
    }

    /** Waits until an Event with this reason contains a text. */
    void awaitEvent(String reason, String text) {
        await("an event " + reason + " that says " + text)
                .atMost(PATIENCE)
                .until(() -> client.v1().events().inNamespace(namespace).list().getItems().stream()
                        .anyMatch(event -> reason.equals(event.getReason())
                                && event.getMessage().contains(text)));
    }

    String exec(String pod, String container, String... command) {
        List<String> line = kubectlLine("exec", pod, "--container=" + container, "--");
        line.addAll(List.of(command));
        return Command.run(line).orFail();
    }

    /** The value of a variable in a container. */
    String variable(String pod, String container, String name) {
        return exec(pod, container, "sh", "-c", "echo \"$" + name + "\"").strip();
    }

    static boolean isReady(Pod pod) {
        return pod.getStatus().getConditions().stream()
                .anyMatch(condition -> condition.getType().equals("Ready")
                        && condition.getStatus().equals("True"));
    }

    static List<String> names(List<Container> containers) {
        return containers.stream().map(Container::getName).toList();
    }

    @Override
    public void close() {
        client.namespaces().withName(namespace).withGracePeriod(1).delete();
    }
}
