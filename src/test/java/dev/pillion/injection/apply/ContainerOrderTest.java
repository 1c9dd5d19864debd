package dev.pillion.injection.apply;

import static dev.pillion.injection.Trial.annotated;
import static dev.pillion.injection.Trial.profile;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.injection.Trial;
import dev.pillion.injection.plan.Plan.Phase;
import dev.pillion.injection.plan.Plan.Start;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The order of companions and a Pod's containers. The Pod's own init containers have the order 50. */
class ContainerOrderTest {

    private static final String WITH_INIT_CONTAINERS = """
            metadata: {annotations: {pillion.dev/inject: "%s"}}
            spec:
              initContainers: [{name: own-1}, {name: own-2}]
              containers: [{name: web}]
            """;

    @Test
    void putsEarlyCompanionsBeforeThePodsOwnInitContainersAndLateOnesAfter() {
        var result = Trial.of(WITH_INIT_CONTAINERS.formatted("late, early, first, middle"))
                .withProfiles(
                        init("late", "order: 60"),
                        init("early", "order: 40"),
                        init("first", "order: 10"),
                        init("middle", "order: 49"))
                .injected();

        assertThat(result.initContainers()).containsExactly("first", "early", "middle", "own-1", "own-2", "late");
    }

    @Test
    void putsACompanionWithOrder50AfterThePodsOwnInitContainers() {
        var result = Trial.of(WITH_INIT_CONTAINERS.formatted("same"))
                .withProfiles(init("same", "order: 50"))
                .injected();

        assertThat(result.initContainers()).containsExactly("own-1", "own-2", "same");
    }

    @Test
    void usesFortyForInitContainersAndSixtyForSidecarsByDefault() {
        var result = Trial.of(WITH_INIT_CONTAINERS.formatted("init, sidecar, at-39, at-41, at-59, at-61"))
                .withProfiles(
                        init("init", ""),
                        sidecar("sidecar", ""),
                        init("at-39", "order: 39"),
                        init("at-41", "order: 41"),
                        init("at-59", "order: 59"),
                        init("at-61", "order: 61"))
                .injected();

        assertThat(result.initContainers())
                .containsExactly("at-39", "init", "at-41", "own-1", "own-2", "at-59", "sidecar", "at-61");
    }

    @Test
    void sortsByTheNameOfTheProfileIfOrdersAreEqual() {
        var result = Trial.of(WITH_INIT_CONTAINERS.formatted("zebra, ant"))
                .withProfiles(init("zebra", ""), init("ant", ""))
                .injected();

        assertThat(result.initContainers()).containsExactly("ant", "zebra", "own-1", "own-2");
    }

    @Test
    void keepsTheOrderInWhichAProfileListsItsContainers() {
        var result = Trial.of(WITH_INIT_CONTAINERS.formatted("several"))
                .withProfiles(profile("several", """
                        initContainers: [{name: fetch, image: a}, {name: check, image: a}]
                        sidecars: [{name: serve, image: a}, {name: reload, image: a}]
                        """))
                .injected();

        assertThat(result.initContainers()).containsExactly("fetch", "check", "own-1", "own-2", "serve", "reload");
    }

    @Test
    void waitsForTargetsInTheRequestedOrder() {
        var result = annotated("pillion.dev/wait-for: zoo:1, dns://bear, http://ant, zoo:1")
                .injected();

        assertThat(result.initContainers())
                .containsExactly("wait-for-zoo-1", "wait-for-bear", "wait-for-ant", "wait-for-zoo-1-2");
    }

    @Test
    void startsAProxyBeforeWaitForAndOtherSidecarsAfterThePodsInitContainers() {
        var result = Trial.of("""
                        metadata:
                          annotations:
                            pillion.dev/inject: logging, proxy
                            pillion.dev/wait-for: db:5432
                        spec:
                          initContainers: [{name: migrate}]
                          containers: [{name: web, ports: [{containerPort: 80}]}]
                        """).injected();

        assertThat(result.plan().startup())
                .extracting(Start::container, Start::phase, Start::profile)
                .containsExactly(
                        tuple("proxy", Phase.NATIVE_SIDECAR, "proxy"),
                        tuple("wait-for-db-5432", Phase.INIT, "wait-for"),
                        tuple("migrate", Phase.INIT, ""),
                        tuple("log-tailer", Phase.NATIVE_SIDECAR, "logging"),
                        tuple("web", Phase.APP, ""));
    }

    @Test
    void putsCompanionsAroundThePodsOwnNativeSidecars() {
        var result = Trial.of("""
                        metadata: {annotations: {pillion.dev/inject: logging}}
                        spec:
                          initContainers: [{name: cache, restartPolicy: Always}, {name: once, restartPolicy: OnFailure}]
                          containers: [{name: web}]
                        """).injected();

        assertThat(result.plan().startup())
                .extracting(Start::container, Start::phase)
                .containsExactly(
                        tuple("cache", Phase.NATIVE_SIDECAR),
                        tuple("once", Phase.INIT),
                        tuple("log-tailer", Phase.NATIVE_SIDECAR),
                        tuple("web", Phase.APP));
    }

    @Nested
    class PlainSidecars {

        @Test
        void areContainersWithoutARestartPolicy() {
            var result =
                    annotated("pillion.dev/inject: logging").withPlainSidecars().injected();

            assertThat(result.containers()).containsExactly("web", "log-tailer");
            assertThat(result.pod().path("spec").has("initContainers")).isFalse();
            assertThat(result.container("log-tailer").has("restartPolicy")).isFalse();
        }

        @Test
        void doNotMoveInitContainers() {
            var result = annotated("pillion.dev/inject: logging", "pillion.dev/wait-for: db:5432")
                    .withPlainSidecars()
                    .injected();

            assertThat(result.initContainers()).containsExactly("wait-for-db-5432");
            assertThat(result.containers()).containsExactly("web", "log-tailer");
        }

        @Test
        void startBeforeTheAppIfTheirOrderIsLow() {
            var result = annotated("pillion.dev/inject: logging, proxy")
                    .withPlainSidecars()
                    .injected();

            assertThat(result.containers()).containsExactly("proxy", "web", "log-tailer");
            assertThat(result.plan().startup())
                    .extracting(Start::container, Start::phase)
                    .containsExactly(
                            tuple("proxy", Phase.APP), tuple("web", Phase.APP), tuple("log-tailer", Phase.APP));
        }
    }

    @Nested
    class SecondPass {

        private final Trial.Result first = Trial.of("""
                        metadata: {annotations: {pillion.dev/wait-for: "a:1, b:2, c:3", pillion.dev/inject: "early, late"}}
                        spec:
                          initContainers: [{name: own}]
                          containers: [{name: web}]
                        """)
                .withProfiles(sidecar("early", ""), sidecar("late", ""))
                .injected();

        @Test
        void restoresTheFirstCompanionAtTheFront() {
            var pod = edited("wait-for-a-1");

            assertThat(first.trial().again(pod).injected().initContainers())
                    .containsExactly("wait-for-a-1", "wait-for-b-2", "wait-for-c-3", "own", "early", "late");
        }

        @Test
        void restoresACompanionAfterItsPredecessorBesideAnInsertedContainer() {
            var pod = edited("wait-for-b-2");
            insert(pod, 1, "istio-init");

            assertThat(first.trial().again(pod).injected().initContainers())
                    .containsExactly(
                            "wait-for-a-1", "wait-for-b-2", "istio-init", "wait-for-c-3", "own", "early", "late");
        }

        @Test
        void restoresASidecarBeforeItsSuccessorBesideAnInsertedContainer() {
            var pod = edited("early");
            insert(pod, 4, "istio-proxy");

            assertThat(first.trial().again(pod).injected().initContainers())
                    .containsExactly(
                            "wait-for-a-1", "wait-for-b-2", "wait-for-c-3", "own", "istio-proxy", "early", "late");
        }

        @Test
        void restoresTheLastCompanionAtTheEnd() {
            var pod = edited("late");
            insert(pod, 0, "istio-init");

            assertThat(first.trial().again(pod).injected().initContainers())
                    .containsExactly(
                            "istio-init", "wait-for-a-1", "wait-for-b-2", "wait-for-c-3", "own", "early", "late");
        }

        @Test
        void restoresALaterCompanionAfterEarlierOnesAndAnInsertedContainer() {
            var pod = edited("wait-for-c-3");
            insert(pod, 1, "istio-init");

            assertThat(first.trial().again(pod).injected().initContainers())
                    .containsExactly(
                            "wait-for-a-1", "istio-init", "wait-for-b-2", "wait-for-c-3", "own", "early", "late");
        }

        @Test
        void restoresAnEarlierSidecarBeforeLaterOnesAndAnInsertedContainer() {
            var pod = edited("early");
            insert(pod, 5, "istio-proxy");

            assertThat(first.trial().again(pod).injected().initContainers())
                    .containsExactly(
                            "wait-for-a-1", "wait-for-b-2", "wait-for-c-3", "own", "early", "late", "istio-proxy");
        }

        private ObjectNode edited(String removed) {
            ObjectNode pod = first.pod().deepCopy();
            ArrayNode list = initContainers(pod);
            for (int index = list.size() - 1; index >= 0; index--) {
                if (list.get(index).path("name").asText().equals(removed)) {
                    list.remove(index);
                }
            }
            assertThat(list).hasSize(5);
            return pod;
        }

        private void insert(ObjectNode pod, int index, String name) {
            initContainers(pod).insertObject(index).put("name", name);
        }

        private ArrayNode initContainers(ObjectNode pod) {
            return (ArrayNode) pod.path("spec").path("initContainers");
        }
    }

    private static String init(String name, String more) {
        return profile(name, "initContainers: [{name: " + name + ", image: busybox, " + more + "}]");
    }

    private static String sidecar(String name, String more) {
        return profile(name, "sidecars: [{name: " + name + ", image: busybox, " + more + "}]");
    }
}
