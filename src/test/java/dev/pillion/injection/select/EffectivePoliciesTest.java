package dev.pillion.injection.select;

import static dev.pillion.injection.Trial.annotated;
import static dev.pillion.injection.Trial.policy;
import static dev.pillion.injection.Trial.profile;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pillion.injection.Decision;
import dev.pillion.injection.Trial;
import dev.pillion.injection.plan.Plan;
import dev.pillion.injection.plan.Plan.Audited;
import dev.pillion.injection.reason.Reason;
import dev.pillion.injection.reason.ReasonCode;
import dev.pillion.pod.ReviewLimits;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The effects of policies in each mode. */
class EffectivePoliciesTest {

    private static String logging(String mode) {
        return policy(
                "logs", "mode: " + mode + "\nmatch: {}\nprofiles: [{name: logging, parameters: {path: /srv/log}}]\n");
    }

    private static List<String> profilesOf(Plan plan) {
        return plan.profiles().stream().map(each -> each.profile().name()).toList();
    }

    private static List<ReasonCode> codesOf(List<Reason> reasons) {
        return reasons.stream().map(Reason::code).toList();
    }

    /** Each conflict is a warning, and thousands of policies can match one Pod. */
    @Test
    void causeALimitedNumberOfWarnings() {
        String[] policies = IntStream.range(0, 300)
                .mapToObj(number -> policy(
                        "p" + number,
                        "mode: Default\nmatch: {}\nprofiles: [{name: logging, parameters: {path: /srv/" + number
                                + "}}]\n"))
                .toArray(String[]::new);

        Plan plan = annotated("a: b").withPolicies(policies).injected().plan();

        assertThat(codesOf(plan.warnings())).hasSize(ReviewLimits.WARNINGS).containsOnly(ReasonCode.POLICY_CONFLICT);
        assertThat(plan.warnings().getFirst().message())
                .isEqualTo("policy p1 does not set logging's path: policy p0 takes precedence");
    }

    @Nested
    class Enforce {

        @Test
        void injectsIntoPodsWithoutAnnotations() {
            Plan plan = annotated("a: b")
                    .withPolicies(logging("Enforce"))
                    .injected()
                    .plan();

            assertThat(plan.profiles()).singleElement().satisfies(planned -> {
                assertThat(planned.requestedBy()).hasToString("policy logs");
                assertThat(planned.parameters().get("path").value().path(0).asText())
                        .isEqualTo("/srv/log");
                assertThat(planned.parameters().get("path").source()).hasToString("policy logs");
            });
        }

        @Test
        void cannotBeTurnedOffByThePod() {
            Plan plan = annotated("pillion.dev/inject: 'false'")
                    .withPolicies(logging("Enforce"))
                    .injected()
                    .plan();

            assertThat(profilesOf(plan)).containsExactly("logging");
            assertThat(codesOf(plan.warnings())).containsExactly(ReasonCode.OPT_OUT_IGNORED);
        }

        @Test
        void locksTheParametersThatItSets() {
            Reason denied = annotated("logging.pillion.dev/path: /elsewhere")
                    .withPolicies(logging("Enforce"))
                    .denied();

            assertThat(denied.code()).isEqualTo(ReasonCode.LOCKED_PARAMETER);
            assertThat(denied.message())
                    .isEqualTo(
                            "annotation logging.pillion.dev/path: policy logs sets 'path' to /srv/log, and it cannot be changed;"
                                    + " remove the annotation (policy logs requests profile 'logging')");
        }

        @Test
        void allowsAnAnnotationWithTheSameValue() {
            assertThat(profilesOf(annotated("logging.pillion.dev/path: /srv/log")
                            .withPolicies(logging("Enforce"))
                            .injected()
                            .plan()))
                    .containsExactly("logging");
        }

        @Test
        void allowsAnnotationsForOtherParameters() {
            Plan plan = annotated("logging.pillion.dev/files: '*.txt'")
                    .withPolicies(logging("Enforce"))
                    .injected()
                    .plan();

            assertThat(plan.profiles()
                            .getFirst()
                            .parameters()
                            .get("files")
                            .value()
                            .asText())
                    .isEqualTo("*.txt");
        }

        @Test
        void injectsBesideTheProfilesThatThePodRequests() {
            Plan plan = annotated("pillion.dev/inject: env", "env.pillion.dev/variables: A=1")
                    .withPolicies(logging("Enforce"))
                    .injected()
                    .plan();

            assertThat(profilesOf(plan)).containsExactly("logging", "env");
        }

        @Test
        void appliesToAllContainersForAnyChoiceOfThePod() {
            Trial trial = Trial.of("""
                    metadata: {name: web, annotations: {pillion.dev/containers: decoy}}
                    spec: {containers: [{name: web, image: a}, {name: decoy, image: b}]}
                    """).withPolicies(logging("Enforce"));

            assertThat(trial.injected().plan().targets()).containsExactly("web", "decoy");
        }

        @Test
        void appliesIfItsConditionCannotBeEvaluated() {
            Plan plan = annotated("a: b")
                    .withPolicies(policy("logs", """
                            mode: Enforce
                            match: {matchConditions: [{name: tier, expression: "pod.metadata.labels.tier == 'web'"}]}
                            profiles: [{name: logging}]
                            """))
                    .injected()
                    .plan();

            assertThat(profilesOf(plan)).containsExactly("logging");
            assertThat(codesOf(plan.warnings())).containsExactly(ReasonCode.MATCH_CONDITION_FAILED);
        }
    }

    @Nested
    class Default {

        @Test
        void injectsIntoPodsWithoutAnnotations() {
            assertThat(profilesOf(annotated("a: b")
                            .withPolicies(logging("Default"))
                            .injected()
                            .plan()))
                    .containsExactly("logging");
        }

        @Test
        void isTurnedOffByOptingOut() {
            assertThat(annotated("pillion.dev/inject: 'false'")
                            .withPolicies(logging("Default"))
                            .unchanged()
                            .reason()
                            .code())
                    .isEqualTo(ReasonCode.OPTED_OUT);
        }

        @Test
        void isTurnedOffByANamespaceThatOptsOut() {
            assertThat(annotated("a: b")
                            .withPolicies(logging("Default"))
                            .inNamespaceThatInjects("false")
                            .unchanged()
                            .reason()
                            .code())
                    .isEqualTo(ReasonCode.NOT_REQUESTED);
        }

        @Test
        void isOverriddenByTheAnnotationOfAParameter() {
            Plan plan = annotated("logging.pillion.dev/path: /elsewhere")
                    .withPolicies(logging("Default"))
                    .injected()
                    .plan();

            assertThat(pathOfFirstProfile(plan)).isEqualTo("/elsewhere");
        }

        @Test
        void addsToTheProfilesThatThePodRequests() {
            Plan plan = annotated("pillion.dev/inject: env", "env.pillion.dev/variables: A=1")
                    .withPolicies(logging("Default"))
                    .injected()
                    .plan();

            assertThat(profilesOf(plan)).containsExactly("env", "logging");
        }
    }

    @Nested
    class Permit {

        private static final String ROOT = profile("root", """
                access: Restricted
                parameters: [{name: level, type: enum, values: [low, high], default: low}]
                app: {env: [{name: LEVEL, value: "${params.level}"}]}
                """);

        private static final String PERMIT = policy("roots", """
                mode: Permit
                match: {namespaceSelector: {matchLabels: {team: core}}}
                profiles: [{name: root, parameters: {level: low}}]
                """);

        @Test
        void allowsPodsToRequestARestrictedProfile() {
            assertThat(profilesOf(annotated("pillion.dev/inject: root")
                            .withPolicies(ROOT, PERMIT)
                            .inNamespaceLabelled("team", "core")
                            .injected()
                            .plan()))
                    .containsExactly("root");
        }

        @Test
        void doesNotInjectIntoPodsThatDoNotRequest() {
            assertThat(annotated("a: b")
                            .withPolicies(ROOT, PERMIT)
                            .inNamespaceLabelled("team", "core")
                            .unchanged()
                            .reason()
                            .code())
                    .isEqualTo(ReasonCode.NOT_REQUESTED);
        }

        @Test
        void appliesToMatchingPodsOnly() {
            assertThat(annotated("pillion.dev/inject: root")
                            .withPolicies(ROOT, PERMIT)
                            .inNamespaceLabelled("team", "web")
                            .denied()
                            .code())
                    .isEqualTo(ReasonCode.RESTRICTED_PROFILE);
        }

        @Test
        void locksTheParametersThatItSets() {
            assertThat(annotated("pillion.dev/inject: root", "root.pillion.dev/level: high")
                            .withPolicies(ROOT, PERMIT)
                            .inNamespaceLabelled("team", "core")
                            .denied()
                            .code())
                    .isEqualTo(ReasonCode.LOCKED_PARAMETER);
        }
    }

    @Nested
    class Audit {

        @Test
        void injectsNothingAndReportsTheMissingProfile() {
            Plan plan =
                    annotated("a: b").withPolicies(logging("Audit")).unchanged().plan();

            assertThat(plan.audited()).containsExactly(new Audited("logs", "logging", false, "would be injected"));
            assertThat(plan.warnings()).isEmpty();
        }

        @Test
        void reportsNothingIfThePodHasTheProfile() {
            assertThat(annotated("pillion.dev/inject: logging", "logging.pillion.dev/path: /srv/log")
                            .withPolicies(logging("Audit"))
                            .injected()
                            .plan()
                            .audited())
                    .isEmpty();
        }

        @Test
        void reportsThatTheProfileWouldBeSkipped() {
            Plan plan = Trial.of("""
                            metadata: {name: web}
                            spec: {hostNetwork: true, containers: [{name: web, ports: [{containerPort: 80}]}]}
                            """)
                    .withPolicies(policy("proxies", "mode: Audit\nmatch: {}\nprofiles: [{name: proxy}]\n"))
                    .unchanged()
                    .plan();

            assertThat(plan.audited())
                    .singleElement()
                    .satisfies(
                            audited -> assertThat(audited.outcome())
                                    .startsWith(
                                            "would be left out: policy proxies requests profile 'proxy', but its guard 'host-network' skips it"));
        }

        @Test
        void reportsThatThePodWouldBeDenied() {
            Plan plan = annotated("logging.pillion.dev/path: /elsewhere")
                    .withPolicies(logging("Audit"))
                    .unchanged()
                    .plan();

            assertThat(plan.audited()).singleElement().satisfies(audited -> assertThat(audited.outcome())
                    .startsWith("would be denied (locked-parameter): "));
        }
    }

    @Nested
    class Conflicts {

        @Test
        void areResolvedByTheHigherPriority() {
            Plan plan = annotated("a: b")
                    .withPolicies(logging("Enforce"), policy("other", """
                            mode: Enforce
                            priority: 1
                            match: {}
                            profiles: [{name: logging, parameters: {path: /other}}]
                            """))
                    .injected()
                    .plan();

            assertThat(pathOfFirstProfile(plan)).isEqualTo("/other");
            assertThat(plan.warnings())
                    .containsExactly(new Reason(
                            ReasonCode.POLICY_CONFLICT,
                            "policy logs does not set logging's path: policy other takes precedence"));
        }

        @Test
        void areResolvedByTheNameIfPrioritiesAreEqual() {
            Plan plan = annotated("a: b")
                    .withPolicies(logging("Enforce"), policy("a-policy", """
                            mode: Enforce
                            match: {}
                            profiles: [{name: logging, parameters: {path: /other}}]
                            """))
                    .injected()
                    .plan();

            assertThat(pathOfFirstProfile(plan)).isEqualTo("/other");
        }

        @Test
        void areResolvedInFavourOfEnforce() {
            Plan plan = annotated("a: b")
                    .withPolicies(logging("Enforce"), policy("soft", """
                            mode: Default
                            priority: 100
                            match: {}
                            profiles: [{name: logging, parameters: {path: /other}}]
                            """))
                    .injected()
                    .plan();

            assertThat(pathOfFirstProfile(plan)).isEqualTo("/srv/log");
        }

        @Test
        void areNoneIfTwoPoliciesSetTheSameValue() {
            assertThat(annotated("a: b")
                            .withPolicies(logging("Enforce"), policy("same", """
                                    mode: Enforce
                                    match: {}
                                    profiles: [{name: logging, parameters: {path: /srv/log}}]
                                    """))
                            .injected()
                            .plan()
                            .warnings())
                    .isEmpty();
        }
    }

    @Nested
    class Canary {

        private static Trial replica(String workload, String hash, int percentage) {
            return Trial.of("""
                            metadata:
                              generateName: %1$s-%2$s-
                              labels: {pod-template-hash: "%2$s"}
                              ownerReferences: [{kind: ReplicaSet, name: "%1$s-%2$s", controller: true}]
                            spec: {containers: [{name: web, image: a}]}
                            """.formatted(workload, hash))
                    .withPolicies(policy(
                            "canary",
                            "mode: Default\nmatch: {}\npercentage: " + percentage + "\nprofiles: [{name: logging}]\n"));
        }

        private static boolean injected(Trial trial) {
            return trial.decide() instanceof Decision.Injected;
        }

        @Test
        void isTheSameForAllPodsOfAWorkloadAcrossRollouts() {
            for (int workload = 0; workload < 50; workload++) {
                String name = "web-" + workload;
                assertThat(injected(replica(name, "5d4f8", 50))).isEqualTo(injected(replica(name, "77b9c", 50)));
            }
        }

        @Test
        void selectsAboutThatShareOfWorkloads() {
            long chosen = IntStream.range(0, 500)
                    .filter(workload -> injected(replica("web-" + workload, "5d4f8", 20)))
                    .count();

            assertThat(chosen).isBetween(70L, 130L);
        }

        @Test
        void keepsItsWorkloadsWhenThePercentageGrows() {
            for (int workload = 0; workload < 100; workload++) {
                String name = "web-" + workload;
                if (injected(replica(name, "5d4f8", 20))) {
                    assertThat(injected(replica(name, "5d4f8", 40))).isTrue();
                }
            }
        }

        @Test
        void selectsNoWorkloadAtZero() {
            assertThat(IntStream.range(0, 100).filter(workload -> injected(replica("web-" + workload, "5d4f8", 0))))
                    .isEmpty();
        }
    }

    @Nested
    class Selecting {

        private static Trial selecting(String match) {
            return Trial.of("""
                            metadata: {name: web, labels: {app: web, tier: front}}
                            spec: {containers: [{name: web, image: a}]}
                            """)
                    .inNamespaceLabelled("team", "payments")
                    .withPolicies(policy("p", "mode: Enforce\nmatch: " + match + "\nprofiles: [{name: logging}]\n"));
        }

        private static boolean matches(String match) {
            return selecting(match).decide() instanceof Decision.Injected;
        }

        @Test
        void supportsAllOperatorsOfKubernetes() {
            assertThat(matches("{podSelector: {matchLabels: {app: web}}}")).isTrue();
            assertThat(matches("{podSelector: {matchLabels: {app: api}}}")).isFalse();
            assertThat(matches("{podSelector: {matchExpressions: [{key: app, operator: In, values: [web, api]}]}}"))
                    .isTrue();
            assertThat(matches("{podSelector: {matchExpressions: [{key: app, operator: NotIn, values: [web]}]}}"))
                    .isFalse();
            assertThat(matches("{podSelector: {matchExpressions: [{key: zone, operator: NotIn, values: [a]}]}}"))
                    .isTrue();
            assertThat(matches("{podSelector: {matchExpressions: [{key: tier, operator: Exists}]}}"))
                    .isTrue();
            assertThat(matches("{podSelector: {matchExpressions: [{key: zone, operator: Exists}]}}"))
                    .isFalse();
            assertThat(matches("{podSelector: {matchExpressions: [{key: zone, operator: DoesNotExist}]}}"))
                    .isTrue();
            assertThat(matches("{podSelector: {matchExpressions: [{key: tier, operator: DoesNotExist}]}}"))
                    .isFalse();
        }

        @Test
        void needsBothTheNamespaceAndThePod() {
            assertThat(
                            matches(
                                    "{namespaceSelector: {matchLabels: {team: payments}}, podSelector: {matchLabels: {app: web}}}"))
                    .isTrue();
            assertThat(matches(
                            "{namespaceSelector: {matchLabels: {team: core}}, podSelector: {matchLabels: {app: web}}}"))
                    .isFalse();
        }

        @Test
        void needsAllConditions() {
            assertThat(matches("{matchConditions: [{name: a, expression: 'has(pod.metadata.labels.app)'},"
                            + " {name: b, expression: \"namespace.metadata.name == 'shop'\"}]}"))
                    .isTrue();
            assertThat(matches("{matchConditions: [{name: a, expression: 'has(pod.metadata.labels.app)'},"
                            + " {name: b, expression: \"namespace.metadata.name == 'other'\"}]}"))
                    .isFalse();
        }
    }

    private static String pathOfFirstProfile(Plan plan) {
        return plan.profiles()
                .getFirst()
                .parameters()
                .get("path")
                .value()
                .path(0)
                .asText();
    }
}
