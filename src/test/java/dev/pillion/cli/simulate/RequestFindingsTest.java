package dev.pillion.cli.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.cli.Run;
import dev.pillion.cli.terminal.ExitCode;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests in the wrong place, and kinds with a Pod template. */
class RequestFindingsTest {

    private static final String TEMPLATE =
            "{metadata: {annotations: {pillion.dev/inject: logging}}, spec: {containers: [{name: web, image: 'w:1'}]}}";

    private static Run inject(String manifest) {
        return Run.withInput(manifest, "inject", "-f", "-");
    }

    private static String file(String name) {
        return "src/test/resources/field/" + name;
    }

    private static List<String> warnings(Run run) {
        return (run.out() + "\n" + run.err())
                .lines()
                .filter(line -> line.startsWith("warning: "))
                .toList();
    }

    private static boolean injected(JsonNode pod) {
        return Stream.of(pod.at("/spec/initContainers/0/name").asText()).allMatch("log-tailer"::equals);
    }

    @Nested
    class Misplaced {

        @ParameterizedTest
        @ValueSource(strings = {"inject", "explain"})
        void onTheWorkloadInsteadOfItsTemplate(String command) {
            assertThat(warnings(Run.of(command, "-f", file("annotation-on-deployment.yaml"))))
                    .containsExactly(
                            "warning: Deployment/web: annotation pillion.dev/inject at metadata.annotations has no effect; write it at spec.template.metadata.annotations");
        }

        @Test
        void onTheJobTemplate() {
            assertThat(warnings(Run.of("inject", "-f", file("annotation-on-job-template.yaml"))))
                    .containsExactly(
                            "warning: CronJob/nightly: annotation pillion.dev/inject at spec.jobTemplate.metadata.annotations has no effect; write it at spec.jobTemplate.spec.template.metadata.annotations");
        }

        @Test
        void onALabelOfAPodOrOfItsNamespace() {
            assertThat(warnings(Run.of("inject", "-f", file("label-of-pod.yaml"))))
                    .containsExactly(
                            "warning: Pod/web: label pillion.dev/inject has no effect; write it as an annotation of the Pod: pillion.dev/inject");
            assertThat(warnings(Run.of("inject", "-f", file("label-of-namespace.yaml"))))
                    .containsExactly(
                            "warning: Namespace/shop: label pillion.dev/inject of namespace shop has no effect; write it as an annotation of the namespace: pillion.dev/inject",
                            "warning: Pod/web: label pillion.dev/inject of namespace shop has no effect; write it as an annotation of the namespace: pillion.dev/inject");
        }

        @Test
        void onTheTemplateItselfOrALabelOfTheWorkload() {
            Run run = inject("""
                    apiVersion: apps/v1
                    kind: Deployment
                    metadata: {name: web, labels: {pilion.dev/inject: logging}}
                    spec:
                      selector: {matchLabels: {pillion.dev/inject: logging}}
                      template:
                        annotations: {logging.pillion.dev/path: /srv}
                        spec: {containers: [{name: web, image: 'w:1'}]}
                    """);

            assertThat(warnings(run))
                    .containsExactly(
                            "warning: Deployment/web: label pilion.dev/inject at metadata.labels has no effect; write pillion.dev/inject at spec.template.metadata.annotations",
                            "warning: Deployment/web: annotation logging.pillion.dev/path at spec.template.annotations has no effect; write it at spec.template.metadata.annotations");
        }

        @Test
        void onAKindWithoutPods() {
            assertThat(warnings(inject("""
                            apiVersion: v1
                            kind: Service
                            metadata: {name: web, annotations: {pillion.dev/inject: logging}}
                            spec: {selector: {app: web}}
                            """)))
                    .containsExactly(
                            "warning: Service/web: annotation pillion.dev/inject at metadata.annotations has no effect: a Service has no Pod template; write it at metadata.annotations of a Pod or its template");
        }

        @Test
        void onARolloutThatRefersToADeployment() {
            assertThat(warnings(inject("""
                            apiVersion: argoproj.io/v1alpha1
                            kind: Rollout
                            metadata: {name: web, annotations: {pillion.dev/inject: logging}}
                            spec: {workloadRef: {apiVersion: apps/v1, kind: Deployment, name: shop}}
                            """)))
                    .containsExactly(
                            "warning: Rollout/web: annotation pillion.dev/inject at metadata.annotations has no effect; write it at spec.template.metadata.annotations of Deployment/shop, which spec.workloadRef names");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "{apiVersion: argoproj.io/v1alpha1, kind: Workflow, metadata: {name: x}, spec: {podMetadata: {annotations: {pillion.dev/inject: logging}}, templates: [{name: main, container: {image: a}}]}}",
                    "{apiVersion: argoproj.io/v1alpha1, kind: WorkflowTemplate, metadata: {name: x}, spec: {templates: [{name: main, metadata: {annotations: {pillion.dev/inject: logging}}, container: {image: a}}]}}",
                    "{apiVersion: sparkoperator.k8s.io/v1beta2, kind: SparkApplication, metadata: {name: x}, spec: {driver: {annotations: {pillion.dev/inject: logging}}}}",
                    "{apiVersion: kafka.strimzi.io/v1, kind: Kafka, metadata: {name: x}, spec: {kafka: {template: {pod: {metadata: {annotations: {pillion.dev/inject: logging}}}}}}}",
                    "{apiVersion: sparkoperator.k8s.io.example.com/v1beta2, kind: SparkApplication, metadata: {name: x}, spec: {driver: {annotations: {pillion.dev/inject: logging}}}}",
                    "{apiVersion: monitoring.coreos.com/v1, kind: Prometheus, metadata: {name: x}, spec: {podMetadata: {annotations: {pillion.dev/inject: logging}}, containers: [{name: p, image: a}]}}"
                })
        void onAKindWhoseTemplateIsNotUnderstood(String manifest) {
            Run run = inject(manifest);

            assertThat(run.code()).isZero();
            assertThat(warnings(run)).singleElement().satisfies(line -> assertThat(line)
                    .contains("annotation pillion.dev/inject at spec.")
                    .contains("is not understood: Pillion finds no Pod template in kind ")
                    .contains("the webhook injects them in the cluster"));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "{apiVersion: v1, kind: Pod, metadata: {name: x, annotations: {sidecar.istio.io/inject: 'true', linkerd.io/inject: enabled}}, spec: {containers: [{name: a, image: a}]}}",
                    "{apiVersion: apps/v1, kind: Deployment, metadata: {name: x, annotations: {deployment.kubernetes.io/revision: '1'}}, spec: {template: {spec: {containers: [{name: a, image: a}]}}}}",
                    "{apiVersion: admissionregistration.k8s.io/v1, kind: ValidatingWebhookConfiguration, metadata: {name: x}, webhooks: [{namespaceSelector: {matchLabels: {pillion.dev/inject: a}}}]}",
                    "{apiVersion: pillion.dev/v1alpha1, kind: InjectionProfile, metadata: {name: x}, spec: {pod: {annotations: {pillion.dev/inject: logging}}}}",
                    "{apiVersion: v1, kind: Namespace, metadata: {name: x, annotations: {pillion.dev/inject: logging}, labels: {pillion.dev/enforcement: strict}}}",
                    "{apiVersion: apps/v1, kind: Deployment, metadata: {name: x, annotations: &a {pillion.dev/inject: logging}}, spec: {template: {metadata: {annotations: *a}, spec: {containers: [{name: a, image: a}]}}}}",
                    "{apiVersion: batch/v1, kind: Job, x: &a {pillion.dev/inject: logging}, metadata: {name: x}, spec: {template: {metadata: {annotations: {<<: *a, z: z}}, spec: {containers: [{name: a, image: a}]}}}}",
                    "{apiVersion: v1, kind: ConfigMap, metadata: {name: x}, data: {a: 'pillion.dev/inject: logging'}}"
                })
        void areNotReportedInTheRightPlace(String manifest) {
            assertThat(warnings(inject(manifest))).isEmpty();
        }
    }

    @Nested
    class Kinds {

        @Test
        void aMistakeInARolloutIsDenied() {
            Run run = Run.of("inject", "-f", file("rollout.yaml"));

            assertThat(run.code()).isEqualTo(ExitCode.DENIED);
            assertThat(run.err())
                    .contains("Rollout/ro: denied (unknown-profile): annotation pillion.dev/inject: there is no profile"
                            + " 'loging'; did you mean 'logging'?");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "argoproj.io/v1alpha1 Rollout /spec/template",
                    "apps.kruise.io/v1alpha1 CloneSet /spec/template",
                    "apps.kruise.io/v1beta1 StatefulSet /spec/template",
                    "apps.kruise.io/v1alpha1 DaemonSet /spec/template",
                    "apps.kruise.io/v1alpha1 BroadcastJob /spec/template",
                    "apps.kruise.io/v1alpha1 AdvancedCronJob /spec/template/jobTemplate/spec/template",
                    "apps.kruise.io/v1alpha1 UnitedDeployment /spec/template/statefulSetTemplate/spec/template",
                    "serving.knative.dev/v1 Service /spec/template",
                    "apps.openshift.io/v1 DeploymentConfig /spec/template",
                    "v1 PodTemplate /template",
                    "v1 ReplicationController /spec/template",
                    "apps/v1 ReplicaSet /spec/template",
                    "batch/v1 Job /spec/template",
                    "batch/v1 CronJob /spec/jobTemplate/spec/template",
                    "batch.volcano.sh/v1alpha1 Job /spec/tasks/0/template",
                    "kubeflow.org/v1 PyTorchJob /spec/pytorchReplicaSpecs/Master/template",
                    "jobset.x-k8s.io/v1alpha2 JobSet /spec/replicatedJobs/0/template/spec/template",
                    "sparkoperator.k8s.io/v1beta2 SparkApplication /spec/driver/template",
                    "v1 Pod "
                })
        void withAPodTemplateAreInjected(String kind) throws Exception {
            String[] parts = kind.split(" ", -1);
            String manifest = manifest(parts[0], parts[1], parts[2]);

            Run run = inject(manifest);

            assertThat(run.code()).as(run.err()).isZero();
            assertThat(warnings(run)).isEmpty();
            assertThat(injected(run.documents().getFirst().at(parts[2]))).isTrue();
            Run back = Run.withInput(run.out(), "uninject", "-f", "-");
            assertThat(back.documents())
                    .isEqualTo(Run.withInput(manifest, "uninject", "-f", "-").documents());
        }

        private static String manifest(String apiVersion, String kind, String pointer) {
            String tree = TEMPLATE;
            String[] steps = pointer.split("/");
            for (int index = steps.length - 1; index > 0; index--) {
                tree = steps[index].equals("0") ? "[" + tree + "]" : "{" + steps[index] + ": " + tree + "}";
            }
            return "{apiVersion: " + apiVersion + ", kind: " + kind + ", "
                    + (pointer.isEmpty() ? "" : "metadata: {name: x}, ")
                    + tree.substring(1);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "{apiVersion: kyverno.io/v1, kind: ClusterPolicy, metadata: {name: x}, spec: {rules: [{mutate: {patchStrategicMerge: {spec: {template: {spec: {containers: [{name: a, image: b}]}}}}}}]}}",
                    "{apiVersion: helm.toolkit.fluxcd.io/v2, kind: HelmRelease, metadata: {name: x}, spec: {values: {template: {spec: {containers: [{name: a, image: b}]}}}}}",
                    "{apiVersion: v1, kind: ConfigMap, metadata: {name: x}, template: {spec: {containers: [{name: a, image: b}]}}}"
                })
        void withPatternsOrValuesAreLeftAsTheyAre(String manifest) throws Exception {
            Run run = Run.withInput(manifest, "inject", "-f", "-", "--inject", "logging");

            assertThat(run.code()).isZero();
            assertThat(run.err()).startsWith("nothing to inject: the input has no Pod");
        }

        @Test
        void withSeveralTemplatesAreInjectedInEachThatRequestsIt() throws Exception {
            Run run = inject("""
                    apiVersion: ray.io/v1
                    kind: RayCluster
                    metadata: {name: ray}
                    spec:
                      headGroupSpec: {template: {spec: {containers: [{name: head, image: 'r:1'}]}}}
                      workerGroupSpecs: [{template: %s}]
                    """.formatted(TEMPLATE));

            assertThat(run.err())
                    .contains("RayCluster/ray (spec.headGroupSpec.template): unchanged (not-requested)")
                    .contains("RayCluster/ray (spec.workerGroupSpecs[0].template): injected logging");
            assertThat(injected(run.documents().getFirst().at("/spec/workerGroupSpecs/0/template")))
                    .isTrue();
        }

        @Test
        void ofATypedListNeedNotBeRepeatedInItsItems() throws Exception {
            Run run = inject("""
                    apiVersion: v1
                    kind: PodList
                    items:
                    - metadata: {name: a, annotations: {pillion.dev/inject: logging}}
                      spec: {containers: [{name: web, image: 'w:1'}]}
                    - metadata: {name: b, labels: {pillion.dev/inject: logging}}
                      spec: {containers: [{name: web, image: 'w:1'}]}
                    """);

            assertThat(injected(run.documents().getFirst().at("/items/0"))).isTrue();
            assertThat(warnings(run)).singleElement().satisfies(line -> assertThat(line)
                    .startsWith("warning: Pod/b: label pillion.dev/inject has no effect"));
        }

        @Test
        void inATemplateOfOpenShiftAreInjected() throws Exception {
            Run run = inject("""
                    apiVersion: template.openshift.io/v1
                    kind: Template
                    metadata: {name: shop}
                    objects:
                    - {apiVersion: apps.openshift.io/v1, kind: DeploymentConfig, metadata: {name: web}, spec: {template: %s}}
                    """.formatted(TEMPLATE));

            assertThat(injected(run.documents().getFirst().at("/objects/0/spec/template")))
                    .isTrue();
        }

        @Test
        void withAPartOfAPodTemplateAreNotUnderstood() {
            assertThat(warnings(inject("""
                            apiVersion: elasticsearch.k8s.elastic.co/v1
                            kind: Elasticsearch
                            metadata: {name: es}
                            spec:
                              nodeSets:
                              - podTemplate:
                                  metadata: {annotations: {pillion.dev/inject: logging}}
                                  spec: {containers: [{name: elasticsearch, resources: {}}]}
                            """))).singleElement().satisfies(line -> assertThat(line)
                    .contains("at spec.nodeSets[0].podTemplate.metadata.annotations is not understood"));
        }

        @ParameterizedTest
        @ValueSource(strings = {"nulls.yaml", "template-without-metadata.yaml"})
        void withNullOrAbsentFieldsAreInjectedAndRestored(String name) throws Exception {
            Run before = Run.of("uninject", "-f", file(name));
            Run run = Run.of("inject", "-f", file(name), "--inject", "logging,env", "--set", "env.variables=A=1");

            assertThat(run.code()).as(run.err()).isZero();
            assertThat(run.out()).contains("log-tailer");
            assertThat(Run.withInput(run.out(), "uninject", "-f", "-").code()).isZero();
            assertThat(before.code()).isZero();
        }
    }

    @Test
    void aNoBreakSpaceIsPrintedAsItsCodePoint() {
        Run run = Run.of("explain", "-f", file("no-break-space.yaml"));

        assertThat(run.code()).isEqualTo(ExitCode.DENIED);
        assertThat(run.out().replaceAll("\\s+", " "))
                .contains("there is no profile '<U+00A0>env'; without the invisible character it would be 'env'");
    }

    @Test
    void everyFormOfWindowsPodIsUnchanged() {
        Run run = Run.of("explain", "-f", file("windows.yaml"));

        assertThat(run.out().lines().filter(line -> line.startsWith("Pod/")))
                .containsExactly(
                        "Pod/os in " + file("windows.yaml") + ": unchanged (windows-pod)",
                        "Pod/selector in " + file("windows.yaml") + ": unchanged (windows-pod)",
                        "Pod/beta in " + file("windows.yaml") + ": unchanged (windows-pod)",
                        "Pod/affinity in " + file("windows.yaml") + ": unchanged (windows-pod)",
                        "Pod/options in " + file("windows.yaml") + ": unchanged (windows-pod)",
                        "Pod/notwindows in " + file("windows.yaml") + ": injected");
    }
}
