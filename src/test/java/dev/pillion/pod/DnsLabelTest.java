package dev.pillion.pod;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pillion.yaml.RandomTree;
import dev.pillion.yaml.Seeds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DnsLabelTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "0",
                "log-tailer",
                "a--b",
                "1-2",
                "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
            })
    void isALabel(String name) {
        assertThat(DnsLabel.isValid(name)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-",
                "-a",
                "a-",
                "A",
                "a_b",
                "a.b",
                "a b",
                "ü",
                "a\n",
                "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
            })
    void isNone(String name) {
        assertThat(DnsLabel.isValid(name)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "/var/log/nginx, var-log-nginx",
        "My_Service.Shop, my-service-shop",
        "--a--, a",
        "a, a",
        "日本, ''",
        "/, ''",
    })
    void isSimilarToAText(String text, String label) {
        assertThat(DnsLabel.like(text)).isEqualTo(label);
    }

    @Test
    void isShortenedToItsBeginningAndAHashOfTheWhole() {
        assertThat(DnsLabel.shortened("short", 20)).isEqualTo("short");
        assertThat(DnsLabel.shortened("twenty-characters-ab", 20)).isEqualTo("twenty-characters-ab");
        assertThat(DnsLabel.shortened("twenty-one-characters", 20))
                .isEqualTo("twenty-one-" + DnsLabel.hash("twenty-one-characters"))
                .hasSize(19);
        assertThat(DnsLabel.shortened("twenty-one-character2", 20))
                .isNotEqualTo(DnsLabel.shortened("twenty-one-characters", 20));
    }

    @Test
    void hashesTextsToEightDigits() {
        assertThat(DnsLabel.hash("")).isEqualTo("e3b0c442");
        assertThat(DnsLabel.hash("a")).isEqualTo("ca978112");
    }

    @Test
    void isValidForEveryText() {
        Seeds.each(1_000, random -> {
            String label = DnsLabel.shortened(DnsLabel.like("x" + RandomTree.text(random)), DnsLabel.MAX_LENGTH);
            assertThat(DnsLabel.isValid(label)).as(label).isTrue();
        });
    }
}
