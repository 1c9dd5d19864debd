package dev.pillion.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.node.MissingNode;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReviewReaderTest {

    private static final String REVIEW = """
            {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request": %s}""";

    /** Jackson's table of names keeps the names of earlier reviews. A long name is a new string each time, and is not kept. */
    @Test
    void keepsOnlyShortNames() throws Exception {
        assertThat(annotationIn("example.com/a")).isSameAs(annotationIn("example.com/a"));
        for (String name : List.of("x".repeat(600), "x".repeat(60_000))) {
            assertThat(annotationIn(name)).isEqualTo(name).isNotSameAs(annotationIn(name));
        }
    }

    private static String annotationIn(String name) throws Exception {
        return ReviewReader.read("""
                {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request": {
                  "uid": "u1", "object": {"metadata": {"annotations": {"%s": ""}}}}}
                """.formatted(name).getBytes(StandardCharsets.UTF_8))
                .object()
                .at("/metadata/annotations")
                .fieldNames()
                .next();
    }

    @Test
    void readsTheNecessaryFieldsOfARequest() throws Exception {
        AdmissionRequest request = read(REVIEW.formatted("""
                {"uid": "u1", "resource": {"group": "", "version": "v1", "resource": "pods"}, "subResource": "status",
                 "operation": "UPDATE", "namespace": "shop", "dryRun": true, "object": {"kind": "Pod"}, "future": [1]}"""));

        assertThat(request.uid()).isEqualTo("u1");
        assertThat(request.resource()).isEqualTo("pods");
        assertThat(request.subResource()).isEqualTo("status");
        assertThat(request.operation()).isEqualTo("UPDATE");
        assertThat(request.namespace()).isEqualTo("shop");
        assertThat(request.dryRun()).isTrue();
        assertThat(request.object()).hasToString("{\"kind\":\"Pod\"}");
        assertThat(request.isPodCreation()).isFalse();
    }

    @Test
    void readsAResourceWithItsGroup() throws Exception {
        AdmissionRequest request = read(REVIEW.formatted(
                "{\"uid\": \"u\", \"resource\": {\"group\": \"apps\", \"resource\": \"deployments\"}}"));

        assertThat(request.resource()).isEqualTo("apps/deployments");
    }

    @Test
    void readsAbsentFieldsAsEmpty() throws Exception {
        AdmissionRequest request = read(REVIEW.formatted("{\"uid\": \"u\", \"object\": null, \"subResource\": null}"));

        assertThat(request).isEqualTo(new AdmissionRequest("u", "", "", "", "", false, MissingNode.getInstance()));
    }

    @Test
    void keepsTheDigitsOfNumbers() throws Exception {
        AdmissionRequest request = read(REVIEW.formatted(
                "{\"uid\": \"u\", \"object\": {\"a\": 12345678901234567890123, \"b\": 0.12345678901234567890123}}"));

        assertThat(request.object()).hasToString("{\"a\":12345678901234567890123,\"b\":0.12345678901234567890123}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-8", "UTF-16", "UTF-32"})
    void readsEveryEncodingOfJson(String charset) throws Exception {
        byte[] body = REVIEW.formatted("{\"uid\": \"ü\"}").getBytes(Charset.forName(charset));

        assertThat(ReviewReader.read(body).uid()).isEqualTo("ü");
    }

    static Stream<Arguments> malformed() {
        return Stream.of(
                arguments("", "the body is empty"),
                arguments("  \n", "apiVersion must be admission.k8s.io/v1, is missing"),
                arguments(
                        "hello",
                        "the body is not JSON: Unrecognized token 'hello': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false') (line 1, column 1)"),
                arguments(
                        "apiVersion: admission.k8s.io/v1\nkind: AdmissionReview\n",
                        "the body is not JSON: Unrecognized token 'apiVersion': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false') (line 1, column 1)"),
                arguments(
                        REVIEW.formatted("{\"uid\": \"u\"}") + " x",
                        "the body is not JSON: Unrecognized token 'x': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false') (line 1, column 91)"),
                arguments("[]", "apiVersion must be admission.k8s.io/v1, is missing"),
                arguments("null", "apiVersion must be admission.k8s.io/v1, is missing"),
                arguments("{}", "apiVersion must be admission.k8s.io/v1, is missing"),
                arguments(
                        "{\"apiVersion\": \"admission.k8s.io/v1beta1\", \"kind\": \"AdmissionReview\"}",
                        "apiVersion must be admission.k8s.io/v1, is \"admission.k8s.io/v1beta1\""),
                arguments(
                        "{\"apiVersion\": \"admission.k8s.io/v1\", \"kind\": \"ConversionReview\"}",
                        "kind must be AdmissionReview, is \"ConversionReview\""),
                arguments(
                        "{\"apiVersion\": \"admission.k8s.io/v1\", \"kind\": 3}", "kind must be AdmissionReview, is 3"),
                arguments(
                        "{\"apiVersion\": \"admission.k8s.io/v1\", \"kind\": \"AdmissionReview\"}",
                        "request is missing; an AdmissionReview for a webhook must have one"),
                arguments(REVIEW.formatted("[]"), "request is missing; an AdmissionReview for a webhook must have one"),
                arguments(REVIEW.formatted("{}"), "request.uid is missing; the response must contain it"),
                arguments(REVIEW.formatted("{\"uid\": \"\"}"), "request.uid is missing; the response must contain it"),
                arguments(REVIEW.formatted("{\"uid\": 3}"), "request: uid must be a string, is 3"),
                arguments(
                        REVIEW.formatted("{\"uid\": \"u\", \"operation\": [\"CREATE\"]}"),
                        "request: operation must be a string, is [\"CREATE\"]"),
                arguments(
                        REVIEW.formatted("{\"uid\": \"u\", \"namespace\": {}}"),
                        "request: namespace must be a string, is {}"),
                arguments(
                        REVIEW.formatted("{\"uid\": \"u\", \"resource\": {\"resource\": true}}"),
                        "request: resource must be a string, is true"));
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void reportsTheProblem(String body, String message) {
        assertThatExceptionOfType(MalformedReviewException.class)
                .isThrownBy(() -> read(body))
                .withMessage(message);
    }

    @Test
    void reportsAnIncompleteBodyInPlainWords() {
        String whole = REVIEW.formatted("{\"uid\": \"u\"}");

        assertThatExceptionOfType(MalformedReviewException.class)
                .isThrownBy(() -> read(whole.substring(0, whole.length() - 1)))
                .withMessageStartingWith("the body is not JSON: ")
                .withMessageEndingWith("(line 1, column 89)")
                .withMessageNotContaining("REDACTED");
    }

    @Test
    void reportsThePlaceOfAMistakeInTheBody() {
        String review = REVIEW.formatted(
                "{\"uid\": \"u\", \"userInfo\": {\"username\": \"a\"}, \"object\": {\"metadata\": {\"managedFields\": [{}]}, \"spec\": !}}");

        assertThatExceptionOfType(MalformedReviewException.class)
                .isThrownBy(() -> read(review))
                .withMessageEndingWith("(line 1, column " + (review.indexOf('!') + 1) + ")");
    }

    @Test
    void reportsAResourceThatIsNotAMap() {
        assertThatExceptionOfType(MalformedReviewException.class)
                .isThrownBy(() -> read(REVIEW.formatted("{\"uid\": \"u\", \"resource\": \"pods\"}")))
                .withMessage("request: resource must be a map, is \"pods\"");
    }

    @Test
    void reportsBytesThatAreNotUtf8() {
        byte[] body = REVIEW.formatted("{\"uid\": \"ü\"}").getBytes(StandardCharsets.ISO_8859_1);

        assertThatExceptionOfType(MalformedReviewException.class)
                .isThrownBy(() -> ReviewReader.read(body))
                .withMessageStartingWith("the body is not JSON: Invalid UTF-8");
    }

    @Test
    void refusesJsonThatIsNestedTooDeeply() {
        String deep = "[".repeat(5_000) + "]".repeat(5_000);

        assertThatExceptionOfType(MalformedReviewException.class)
                .isThrownBy(() -> read(REVIEW.formatted("{\"uid\": \"u\", \"object\": " + deep + "}")))
                .withMessageStartingWith(
                        "the body is not JSON: Document nesting depth (1001) exceeds the maximum allowed");
    }

    private static AdmissionRequest read(String body) throws MalformedReviewException {
        return ReviewReader.read(body.getBytes(StandardCharsets.UTF_8));
    }
}
