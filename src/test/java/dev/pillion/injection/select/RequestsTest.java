package dev.pillion.injection.select;

import static dev.pillion.injection.Trial.annotated;
import static dev.pillion.injection.Trial.profile;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.pillion.catalog.compile.CatalogReader;
import dev.pillion.injection.Decision;
import dev.pillion.injection.Trial;
import dev.pillion.injection.reason.Reason;
import dev.pillion.injection.reason.ReasonCode;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The requests in a Pod's annotations, and the messages for mistakes. */
class RequestsTest {

    private static final String ALL = String.join(", ", CatalogReader.builtIn().names());

    @Nested
    class Annotations {

        @Test
        void requestProfilesInTheirOrder() {
            var result = annotated("pillion.dev/inject: ' logging ,env,, logging'", "env.pillion.dev/variables: A=1")
                    .injected();

            assertThat(result.plan().profiles())
                    .extracting(planned -> planned.profile().name(), planned -> planned.requestedBy()
                            .toString())
                    .containsExactly(
                            tuple("logging", "annotation pillion.dev/inject"),
                            tuple("env", "annotation pillion.dev/inject"));
        }

        @Test
        void requestWaitForByTargets() {
            var result = annotated("pillion.dev/wait-for: db:5432").injected();

            assertThat(result.initContainers()).containsExactly("wait-for-db-5432");
            assertThat(result.plan().profiles().getFirst().requestedBy())
                    .hasToString("annotation pillion.dev/wait-for");
        }

        @Test
        void canSetTheTargetsOfWaitForByItsParameter() {
            var result = annotated("pillion.dev/inject: wait-for", "wait-for.pillion.dev/targets: db:5432")
                    .injected();

            assertThat(result.initContainers()).containsExactly("wait-for-db-5432");
        }

        @Test
        void canSetTheTargetsOfWaitForByTheShortAnnotation() {
            var result = annotated("pillion.dev/inject: wait-for", "pillion.dev/wait-for: db:5432")
                    .injected();

            assertThat(result.initContainers()).containsExactly("wait-for-db-5432");
        }

        @Test
        void areTheSourceOfEachValue() {
            var result = annotated("pillion.dev/inject: logging", "logging.pillion.dev/path: /srv/log")
                    .injected();

            var parameters = result.plan().profiles().getFirst().parameters();
            assertThat(parameters.get("path").source()).hasToString("annotation logging.pillion.dev/path");
            assertThat(parameters.get("path").value().path(0).asText()).isEqualTo("/srv/log");
            assertThat(parameters.get("files").source()).hasToString("default");
        }

        @Test
        void changeNothingIfThereAreNone() {
            var unchanged = Trial.of("{metadata: {}, spec: {containers: [{name: web}]}}")
                    .unchanged();

            assertThat(unchanged.reason())
                    .isEqualTo(new Reason(ReasonCode.NOT_REQUESTED, "nothing requests a profile"));
        }

        @Test
        void changeNothingIfTheListOfProfilesIsEmpty() {
            assertThat(annotated("pillion.dev/inject: ' , '")
                            .unchanged()
                            .reason()
                            .code())
                    .isEqualTo(ReasonCode.NOT_REQUESTED);
        }
    }

    @Nested
    class DefaultsOfTheNamespace {

        @Test
        void applyToPodsWithoutAnnotations() {
            var result = Trial.of("spec: {containers: [{name: web}]}")
                    .inNamespaceThatInjects("logging")
                    .injected();

            assertThat(result.initContainers()).containsExactly("log-tailer");
            assertThat(result.plan().profiles().getFirst().requestedBy().toString())
                    .isEqualTo("annotation pillion.dev/inject of namespace shop");
        }

        @Test
        void areOverriddenByAnAnnotationOfThePod() {
            var result = annotated("pillion.dev/inject: env", "env.pillion.dev/variables: A=1")
                    .inNamespaceThatInjects("logging")
                    .injected();

            assertThat(result.plan().profiles())
                    .extracting(each -> each.profile().name())
                    .containsExactly("env");
        }

        @Test
        void areOverriddenByAnEmptyAnnotation() {
            var unchanged = annotated("pillion.dev/inject: ''")
                    .inNamespaceThatInjects("logging")
                    .unchanged();

            assertThat(unchanged.reason().code()).isEqualTo(ReasonCode.NOT_REQUESTED);
        }

        @Test
        void areOverriddenByOptingOut() {
            var unchanged = annotated("pillion.dev/inject: 'false'")
                    .inNamespaceThatInjects("logging")
                    .unchanged();

            assertThat(unchanged.reason())
                    .isEqualTo(new Reason(ReasonCode.OPTED_OUT, "the Pod opts out by annotation pillion.dev/inject"));
        }

        @Test
        void applyBesideTheTargetsOfThePod() {
            var result = annotated("pillion.dev/wait-for: db:5432")
                    .inNamespaceThatInjects("logging")
                    .injected();

            assertThat(result.initContainers()).containsExactly("wait-for-db-5432", "log-tailer");
        }

        @Test
        void canTurnOffTheInjection() {
            var unchanged = annotated("example.com/a: b")
                    .inNamespaceThatInjects("false")
                    .unchanged();

            assertThat(unchanged.reason().code()).isEqualTo(ReasonCode.NOT_REQUESTED);
        }

        @Test
        void areNamedInTheMessageForAnUnknownProfile() {
            var reason = annotated("example.com/a: b")
                    .inNamespaceThatInjects("loging")
                    .denied();

            assertThat(reason)
                    .isEqualTo(
                            new Reason(
                                    ReasonCode.UNKNOWN_PROFILE,
                                    "annotation pillion.dev/inject of namespace shop: there is no profile 'loging'; did you mean 'logging'?"));
        }
    }

    @Nested
    class OptingOut {

        @Test
        void appliesToAllAnnotations() {
            var unchanged = annotated("pillion.dev/inject: ' false '", "pillion.dev/wait-for: db:5432")
                    .unchanged();

            assertThat(unchanged.reason().code()).isEqualTo(ReasonCode.OPTED_OUT);
        }

        @Test
        void cannotBeCombinedWithProfiles() {
            assertThat(annotated("pillion.dev/inject: logging,false").denied().message())
                    .startsWith("annotation pillion.dev/inject: there is no profile 'false'");
        }
    }

    @Nested
    class Mistakes {

        @Test
        void inAnAnnotationOfPillionGetASuggestion() {
            assertThat(annotated("pillion.dev/injct: logging").denied())
                    .isEqualTo(new Reason(
                            ReasonCode.UNKNOWN_ANNOTATION,
                            "annotation pillion.dev/injct is unknown; did you mean 'pillion.dev/inject'?"));
        }

        @Test
        void inAnAnnotationWithoutASimilarOneListAllAnnotations() {
            assertThat(annotated("pillion.dev/zzzzzzzzzzzzzzzz: logging")
                            .denied()
                            .message())
                    .isEqualTo(
                            "annotation pillion.dev/zzzzzzzzzzzzzzzz is unknown; known: pillion.dev/containers, pillion.dev/inject, pillion.dev/wait-for");
        }

        @Test
        void inAProfileGetASuggestion() {
            assertThat(annotated("pillion.dev/inject: env, porxy", "env.pillion.dev/variables: A=1")
                            .denied())
                    .isEqualTo(new Reason(
                            ReasonCode.UNKNOWN_PROFILE,
                            "annotation pillion.dev/inject: there is no profile 'porxy'; did you mean 'proxy'?"));
        }

        @Test
        void inAProfileWithoutASimilarOneListAllProfiles() {
            assertThat(annotated("pillion.dev/inject: kubernetes").denied().message())
                    .isEqualTo("annotation pillion.dev/inject: there is no profile 'kubernetes'; known: " + ALL);
        }

        @Test
        void includeTrueInsteadOfAProfile() {
            assertThat(annotated("pillion.dev/inject: 'true'").denied())
                    .isEqualTo(new Reason(
                            ReasonCode.UNKNOWN_PROFILE,
                            "annotation pillion.dev/inject: \"true\" names no profile; write one or more of " + ALL));
        }

        @Test
        void inTheProfileOfAParameterGetASuggestion() {
            assertThat(annotated("pillion.dev/inject: logging", "loging.pillion.dev/path: /a")
                            .denied())
                    .isEqualTo(
                            new Reason(
                                    ReasonCode.UNKNOWN_PROFILE,
                                    "annotation loging.pillion.dev/path: there is no profile 'loging'; did you mean 'logging'?"));
        }

        @Test
        void inAParameterGetASuggestion() {
            assertThat(annotated("pillion.dev/inject: logging", "logging.pillion.dev/pth: /a")
                            .denied())
                    .isEqualTo(
                            new Reason(
                                    ReasonCode.UNKNOWN_PARAMETER,
                                    "annotation logging.pillion.dev/pth: profile 'logging' has no parameter 'pth'; did you mean 'path'?"));
        }

        @Test
        void inAContainerGetASuggestion() {
            assertThat(annotated("pillion.dev/inject: logging", "pillion.dev/containers: wbe")
                            .denied())
                    .isEqualTo(new Reason(
                            ReasonCode.UNKNOWN_CONTAINER,
                            "annotation pillion.dev/containers: the Pod has no container 'wbe'; did you mean 'web'?"));
        }

        @Test
        void includeTwoAnnotationsForTheTargets() {
            assertThat(annotated("pillion.dev/wait-for: a:1", "wait-for.pillion.dev/targets: b:2")
                            .denied())
                    .isEqualTo(
                            new Reason(
                                    ReasonCode.CONFLICTING_ANNOTATIONS,
                                    "annotations pillion.dev/wait-for and wait-for.pillion.dev/targets set the same parameter; remove one of them"));
        }

        @Test
        void includeALockedParameter() {
            assertThat(annotated("pillion.dev/inject: logging", "logging.pillion.dev/image: busybox:1.36")
                            .denied())
                    .isEqualTo(
                            new Reason(
                                    ReasonCode.LOCKED_PARAMETER,
                                    "annotation logging.pillion.dev/image: the platform team has locked 'image'; remove the annotation (annotation pillion.dev/inject requests profile 'logging')"));
        }

        @Test
        void includeAMissingParameter() {
            assertThat(annotated("pillion.dev/inject: env").denied())
                    .isEqualTo(
                            new Reason(
                                    ReasonCode.MISSING_PARAMETER,
                                    "annotation pillion.dev/inject requests profile 'env', but its parameter 'variables' needs a value; set annotation env.pillion.dev/variables (KEY=value pairs, one on each line or separated by commas, or a JSON object.)"));
        }

        @Test
        void includeAMissingParameterWithoutADescription() {
            var reason = annotated("pillion.dev/inject: backup")
                    .withProfiles(profile("backup", """
                            parameters:
                              - {name: bucket, type: string, required: true}
                            """))
                    .denied();

            assertThat(reason.message())
                    .isEqualTo(
                            "annotation pillion.dev/inject requests profile 'backup', but its parameter 'bucket' needs a value; set annotation backup.pillion.dev/bucket");
        }

        @Test
        void includeARestrictedProfile() {
            var reason = annotated("pillion.dev/inject: migrate")
                    .withProfiles(profile("migrate", "access: Restricted"))
                    .denied();

            assertThat(reason)
                    .isEqualTo(
                            new Reason(
                                    ReasonCode.RESTRICTED_PROFILE,
                                    "annotation pillion.dev/inject requests profile 'migrate', but it is restricted, and no policy permits it for this Pod; ask the platform team"));
        }
    }

    @Nested
    class Values {

        @Test
        void mustBePaths() {
            assertInvalid(
                    "logging.pillion.dev/path: /var/../etc",
                    "annotation logging.pillion.dev/path: the value must be a path without //, . and .., is '/var/../etc' (annotation pillion.dev/inject requests profile 'logging')");
        }

        @Test
        void cannotHaveAColonInAPath() {
            assertInvalid(
                    "logging.pillion.dev/path: '/var:log'",
                    "annotation logging.pillion.dev/path: the value must be an absolute path such as /var/log/app, below / and without a colon, is '/var:log' (annotation pillion.dev/inject requests profile 'logging')");
        }

        @Test
        void mustBeIntegers() {
            assertInvalid(
                    "logging.pillion.dev/user: nobody",
                    "annotation logging.pillion.dev/user: the value must be an integer such as 3, is 'nobody' (annotation pillion.dev/inject requests profile 'logging')");
        }

        @Test
        void mustReachTheMinimum() {
            assertInvalid(
                    "logging.pillion.dev/user: '-2'",
                    "annotation logging.pillion.dev/user: the value must be at least -1, is -2 (annotation pillion.dev/inject requests profile 'logging')");
        }

        @Test
        void mustMatchThePattern() {
            assertInvalid(
                    "logging.pillion.dev/files: a/b",
                    "annotation logging.pillion.dev/files: the value must match [^/]+, is 'a/b' (annotation pillion.dev/inject requests profile 'logging')");
        }

        @Test
        void cannotBePathsWithInvisibleCharacters() {
            assertInvalid(
                    "logging.pillion.dev/path: \"/var/log/app\\u200d\"",
                    "annotation logging.pillion.dev/path: the value must be a path without invisible characters, is '/var/log/app<U+200D>' (annotation pillion.dev/inject requests profile 'logging')");
        }

        @Test
        void cannotHaveALineBreak() {
            assertInvalid(
                    "logging.pillion.dev/files: \"a\\nb\"",
                    "annotation logging.pillion.dev/files: the value contains a control character or a line break, which a string cannot contain (annotation pillion.dev/inject requests profile 'logging')");
        }

        @Test
        void mustBePorts() {
            assertInvalid(
                    "proxy.pillion.dev/port: '70000'",
                    "annotation proxy.pillion.dev/port: the value must be a port from 1 to 65535, is '70000' (annotation pillion.dev/inject requests profile 'proxy')");
        }

        @Test
        void mustBeOneOfTheChoices() {
            assertInvalid(
                    "proxy.pillion.dev/protocol: htpp",
                    "annotation proxy.pillion.dev/protocol: the value must be one of http, http1, http2, grpc, tcp, is 'htpp'; did you mean 'http'? (annotation pillion.dev/inject requests profile 'proxy')");
        }

        @Test
        void mustBeDurations() {
            assertInvalid(
                    "proxy.pillion.dev/timeout: '15'",
                    "annotation proxy.pillion.dev/timeout: the value must be a duration such as 30s, 5m or 1h30m, is '15' (annotation pillion.dev/inject requests profile 'proxy')");
        }

        @Test
        void mustBePairs() {
            assertInvalid(
                    "env.pillion.dev/variables: FIRSTNAME",
                    "annotation env.pillion.dev/variables: the value must be KEY=value pairs, one on each line or separated by commas, or a JSON object; 'FIRSTNAME' is not a pair (annotation pillion.dev/inject requests profile 'env')");
        }

        @Test
        void mustBeValidJson() {
            assertThat(annotated("pillion.dev/inject: env", "env.pillion.dev/variables: '{\"A\": 1}'")
                            .denied())
                    .isEqualTo(
                            new Reason(
                                    ReasonCode.INVALID_VALUE,
                                    "annotation env.pillion.dev/variables: the value must contain strings, contains 1; put it in quotes (annotation pillion.dev/inject requests profile 'env')"));
        }

        @Test
        void mustBeTargets() {
            assertInvalid(
                    "pillion.dev/wait-for: ftp://files",
                    "annotation pillion.dev/wait-for: the value 'ftp://files' has an unknown scheme 'ftp'; write dns://NAME, HOST:PORT, http://HOST/PATH, https://HOST/PATH, grpc://HOST:PORT, job/NAME or pod/LABEL=VALUE");
        }

        @Test
        void cannotHaveAPasswordInATarget() {
            assertInvalid(
                    "pillion.dev/wait-for: http://me:secret@db",
                    "annotation pillion.dev/wait-for: the value 'http://me:secret@db' contains a user name or password, which an endpoint must not contain");
        }

        @Test
        void areCheckedIfTheyAreADefault() {
            var reason = Trial.of("""
                            metadata: {annotations: {pillion.dev/inject: proxy}}
                            spec: {containers: [{name: web, ports: [{containerPort: 0}]}]}
                            """).denied();

            assertThat(reason)
                    .isEqualTo(
                            new Reason(
                                    ReasonCode.INVALID_VALUE,
                                    "annotation pillion.dev/inject requests profile 'proxy', but its parameter 'port', as derived from the Pod, must be a port from 1 to 65535, is '0'; set annotation proxy.pillion.dev/port"));
        }

        @Test
        void areRequiredIfADefaultHasNoValue() {
            var reason = Trial.of("""
                            metadata: {annotations: {pillion.dev/inject: proxy}}
                            spec: {containers: [{name: web}]}
                            """).denied();

            assertThat(reason)
                    .isEqualTo(
                            new Reason(
                                    ReasonCode.MISSING_PARAMETER,
                                    "annotation pillion.dev/inject requests profile 'proxy', but its parameter 'port' cannot be derived from the Pod: the app declares no TCP port; set annotation proxy.pillion.dev/port"));
        }

        @Test
        void mustNameATarget() {
            assertThat(annotated("pillion.dev/wait-for: ','").denied().code()).isEqualTo(ReasonCode.INVALID_VALUE);
        }

        @Test
        void areLimitedInNumber() {
            assertThat(annotated("pillion.dev/wait-for: " + "a:1,".repeat(2_000))
                            .denied()
                            .code())
                    .isEqualTo(ReasonCode.TOO_LARGE);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "pillion.dev/inject: %s",
                    "pillion.dev/wait-for: %s",
                    "loging.pillion.dev/path: %s",
                    "pillion.dev/inject: logging\nlogging.pillion.dev/user: %s"
                })
        void areShortenedInMessages(String annotations) {
            assertThat(annotated(annotations.formatted("x".repeat(5_000)))
                            .denied()
                            .message())
                    .hasSizeLessThan(500);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "pillion.dev/inject: logging\npillion.dev/containers: %s",
                    "pillion.dev/%s: a",
                    "logging.pillion.dev/%s: a",
                    "%s.pillion.dev/path: a"
                })
        void areShortenedInMessagesWithTheirNames(String annotations) {
            assertThat(annotated(annotations.formatted("x".repeat(900)))
                            .denied()
                            .message())
                    .hasSizeLessThan(500);
        }

        @Test
        void canEndWithAComma() {
            var result = annotated("pillion.dev/inject: env", "env.pillion.dev/variables: 'A=1, B=2,'")
                    .injected();

            assertThat(result.container("web").at("/env/1/value").asText()).isEqualTo("2");
        }

        @Test
        void mustNameVariables() {
            assertThat(annotated("pillion.dev/inject: env", "env.pillion.dev/variables: ''")
                            .denied()
                            .code())
                    .isEqualTo(ReasonCode.INVALID_VALUE);
        }

        @Test
        void cannotBeThePortOfTheApp() {
            assertThat(annotated("pillion.dev/inject: proxy", "proxy.pillion.dev/listen: '8080'")
                            .decide())
                    .isNotInstanceOf(Decision.Injected.class);
        }

        private void assertInvalid(String annotation, String message) {
            String profile = annotation.substring(0, annotation.indexOf('.'));
            Trial trial = profile.equals("pillion")
                    ? annotated(annotation)
                    : annotated("pillion.dev/inject: " + profile, annotation);

            assertThat(trial.denied()).isEqualTo(new Reason(ReasonCode.INVALID_VALUE, message));
        }
    }

    @Nested
    class AnAnnotationWithoutEffect {

        @Test
        void isAParameterOfAProfileThatIsNotRequested() {
            var unchanged = annotated("logging.pillion.dev/path: /srv/log").unchanged();

            assertThat(unchanged.plan().warnings())
                    .isEqualTo(
                            List.of(
                                    new Reason(
                                            ReasonCode.PARAMETER_UNUSED,
                                            "annotation logging.pillion.dev/path has no effect: nothing requests profile 'logging'; add pillion.dev/inject: logging")));
        }

        @Test
        void isAWarningBesideAnInjection() {
            var result = annotated("pillion.dev/wait-for: db:5432", "logging.pillion.dev/path: /srv/log")
                    .injected();

            assertThat(result.warnings())
                    .containsExactly(
                            "annotation logging.pillion.dev/path has no effect: nothing requests profile 'logging'; add pillion.dev/inject: logging");
        }
    }
}
