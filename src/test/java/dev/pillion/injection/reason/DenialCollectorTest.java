package dev.pillion.injection.reason;

import static dev.pillion.injection.Trial.annotated;
import static dev.pillion.injection.Trial.profile;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pillion.injection.Decision.Denied;
import dev.pillion.injection.Trial;
import dev.pillion.pod.ReviewLimits;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** All mistakes in a Pod's annotations are reported at once. */
class DenialCollectorTest {

    private static final String NO_PROFILE =
            "annotation pillion.dev/inject: there is no profile 'loging'; did you mean 'logging'?";

    @Test
    void areInOneMessage() {
        Denied denied = annotated(
                        "pillion.dev/inject: loging,proxy",
                        "pillion.dev/injct: env",
                        "pillion.dev/containers: wbe",
                        "logging.pillion.dev/pth: /var/log",
                        "proxy.pillion.dev/port: eighty",
                        "proxy.pillion.dev/image: envoy:1")
                .denial();

        assertThat(denied.mistakes())
                .containsExactly(
                        new Reason(
                                ReasonCode.UNKNOWN_ANNOTATION,
                                "annotation pillion.dev/injct is unknown; did you mean 'pillion.dev/inject'?"),
                        new Reason(
                                ReasonCode.UNKNOWN_PARAMETER,
                                "annotation logging.pillion.dev/pth: profile 'logging' has no parameter 'pth'; did you mean 'path'?"),
                        new Reason(ReasonCode.UNKNOWN_PROFILE, NO_PROFILE),
                        new Reason(
                                ReasonCode.UNKNOWN_CONTAINER,
                                "annotation pillion.dev/containers: the Pod has no container 'wbe'; did you mean 'web'?"),
                        new Reason(
                                ReasonCode.INVALID_VALUE,
                                "annotation proxy.pillion.dev/port: the value must be a port from 1 to 65535, is 'eighty' (annotation pillion.dev/inject requests profile 'proxy')"),
                        new Reason(
                                ReasonCode.LOCKED_PARAMETER,
                                "annotation proxy.pillion.dev/image: the platform team has locked 'image'; remove the annotation (annotation pillion.dev/inject requests profile 'proxy')"));
        assertThat(denied.reason().code()).isEqualTo(ReasonCode.UNKNOWN_ANNOTATION);
        assertThat(denied.reason().message())
                .isEqualTo("6 mistakes: "
                        + IntStream.range(0, 6)
                                .mapToObj(index -> "(" + (index + 1) + ") "
                                        + denied.mistakes().get(index).message() + " ("
                                        + denied.mistakes().get(index).code() + ")")
                                .collect(Collectors.joining("; ")));
    }

    @Test
    void areReportedAsUsualIfThereIsOnlyOne() {
        Denied denied = annotated("pillion.dev/inject: loging").denial();

        assertThat(denied.reason()).isEqualTo(new Reason(ReasonCode.UNKNOWN_PROFILE, NO_PROFILE));
        assertThat(denied.mistakes()).containsExactly(denied.reason());
        assertThat(denied.others()).isZero();
    }

    @Test
    void aMisspeltParameterIsNotReportedAsMissingToo() {
        Denied denied = annotated(
                        "pillion.dev/inject: log-shipper", "log-shipper.pillion.dev/endpont: http://otel:4318")
                .denial();

        assertThat(denied.mistakes()).singleElement().extracting(Reason::code).isEqualTo(ReasonCode.UNKNOWN_PARAMETER);
    }

    @Test
    void allParametersWithoutAValueAreNamed() {
        Denied denied = annotated("pillion.dev/inject: 'git-sync, log-shipper'").denial();

        assertThat(denied.mistakes()).extracting(Reason::code).containsOnly(ReasonCode.MISSING_PARAMETER);
        assertThat(denied.mistakes())
                .extracting(Reason::message)
                .anyMatch(message -> message.contains("'git-sync', but its parameter 'repo'"))
                .anyMatch(message -> message.contains("'log-shipper', but its parameter 'endpoint'"));
        assertThat(denied.requests()).extracting(ProfileRequest::profile).containsExactly("git-sync", "log-shipper");
    }

    @Test
    void aConsequenceOfAWrongValueIsNotReported() {
        var catalog = profile("pair", """
                parameters:
                  - {name: first, type: integer, default: 1}
                  - {name: second, type: integer, default: "${params.first + 1}"}
                """);

        Denied denied = annotated("pillion.dev/inject: pair", "pair.pillion.dev/first: one")
                .withProfiles(catalog)
                .denial();

        assertThat(denied.mistakes()).extracting(Reason::code).containsExactly(ReasonCode.INVALID_VALUE);
    }

    @Test
    void areReportedForAllProfilesThatCannotBeRendered() {
        String failing = """
                app: {env: [{name: FIRST, value: "${[1, 2].filter(x, x > 5)[0] == 1 ? 'a' : 'b'}"}]}
                """;

        Denied denied = annotated("pillion.dev/inject: one,two")
                .withProfiles(profile("one", failing), profile("two", failing))
                .denial();

        assertThat(denied.mistakes())
                .extracting(Reason::code)
                .containsExactly(ReasonCode.EXPRESSION_FAILED, ReasonCode.EXPRESSION_FAILED);
    }

    @Test
    void areReportedForContainersAndValuesOfOneProfile() {
        Denied denied = annotated(
                        "pillion.dev/inject: logging",
                        "logging.pillion.dev/containers: 'a, b'",
                        "logging.pillion.dev/path: relative")
                .denial();

        assertThat(denied.mistakes())
                .extracting(Reason::code)
                .containsExactly(ReasonCode.UNKNOWN_CONTAINER, ReasonCode.UNKNOWN_CONTAINER, ReasonCode.INVALID_VALUE);
    }

    @Test
    void aRestrictedProfileIsReportedWithOtherMistakes() {
        Denied denied = annotated("pillion.dev/inject: permissions,loging").denial();

        assertThat(denied.mistakes())
                .extracting(Reason::code)
                .containsExactly(ReasonCode.UNKNOWN_PROFILE, ReasonCode.RESTRICTED_PROFILE);
    }

    @Test
    void areCountedBeyondALimit() {
        String names = IntStream.range(0, 100).mapToObj(index -> "no-" + index).collect(Collectors.joining(","));

        Denied denied = annotated("pillion.dev/inject: " + names).denial();

        assertThat(denied.mistakes()).hasSize(ReviewLimits.MISTAKES);
        assertThat(denied.others()).isEqualTo(100 - ReviewLimits.MISTAKES);
        String message = denied.reason().message();
        assertThat(message).startsWith("100 mistakes: (1) ").hasSizeLessThanOrEqualTo(ReviewLimits.MESSAGE_LENGTH);
        int named = message.split("\\(\\d+\\) ").length - 1;
        assertThat(message).endsWith("; and " + (100 - named) + " more");
    }

    @Test
    void includeTheNumberOfTheOthersAfterALongMistake() {
        String wordy = "parameters: [{name: file, type: path, required: true, description: " + "x".repeat(3000) + "}]";

        Denied denied = annotated("pillion.dev/inject: one,two")
                .withProfiles(profile("one", wordy), profile("two", wordy))
                .denial();

        assertThat(denied.mistakes()).hasSize(2);
        assertThat(denied.reason().message())
                .startsWith("2 mistakes: (1) annotation pillion.dev/inject requests profile 'one', but")
                .endsWith("… (missing-parameter); and 1 more")
                .hasSizeLessThanOrEqualTo(ReviewLimits.MESSAGE_LENGTH);
    }

    @Test
    void areADenialForAWindowsPod() {
        Denied denied = Trial.of("""
                        metadata: {annotations: {pillion.dev/inject: "loging,lgging"}}
                        spec: {os: {name: windows}, containers: [{name: web}]}
                        """).denial();

        assertThat(denied.mistakes()).hasSize(2);
    }
}
