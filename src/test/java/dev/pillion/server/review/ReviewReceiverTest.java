package dev.pillion.server.review;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReviewReceiverTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/json",
                "Application/JSON",
                " application/json ",
                "application/json; charset=utf-8",
                "application/json;charset=utf-8",
                "application/json ; charset=utf-8; profile=\"a;b\""
            })
    void acceptsJsonWithAnyParameters(String contentType) {
        assertThat(ReviewReceiver.isJson(contentType)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ";",
                "application/jsonfoo",
                "application/json-patch+json",
                "application/json+foo; charset=utf-8",
                "application/json, text/plain",
                "text/plain; application/json"
            })
    void acceptsNoOtherMediaType(String contentType) {
        assertThat(ReviewReceiver.isJson(contentType)).isFalse();
    }

    @Test
    void acceptsARequestWithoutContentType() {
        assertThat(ReviewReceiver.isJson(null)).isTrue();
    }
}
