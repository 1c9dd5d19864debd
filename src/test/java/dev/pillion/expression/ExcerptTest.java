package dev.pillion.expression;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExcerptTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            shop\u202Epohs           | shop<U+202E>pohs           | shop\\u202Epohs
            a\u2066b\u2069c          | a<U+2066>b<U+2069>c        | a\\u2066b\\u2069c
            zero\u200Bwidth\uFEFF.   | zero<U+200B>width<U+FEFF>. | zero\\u200Bwidth\\uFEFF.
            a\u001b[31mb             | a<U+001B>[31mb             | a\\u001B[31mb
            a\u009b2Jb\u007f.        | a<U+009B>2Jb<U+007F>.      | a\\u009B2Jb\\u007F.
            a\uDB40\uDC01b           | a<U+E0001>b                | a\\uDB40\\uDC01b
            half \uD800 of a pair    | half <U+D800> of a pair    | half \\uD800 of a pair
            Größe, 名前, 🙂             | Größe, 名前, 🙂               | Größe, 名前, 🙂
            """)
    void writesHiddenCharactersAsCodePoints(String text, String visible, String inLog) {
        assertThat(Excerpt.visible(text)).isEqualTo(visible);
        assertThat(Excerpt.visibleLines(text)).isEqualTo(inLog);
    }

    @ParameterizedTest
    @CsvSource({"00a0", "2007", "3000", "3164", "2800", "200b", "feff", "034f"})
    void writesCharactersWithoutInkAsCodePoints(String point) {
        String character = Character.toString(Integer.parseInt(point, 16));

        assertThat(Excerpt.visible("a" + character + "b")).isEqualToIgnoringCase("a<U+" + point + ">b");
        assertThat(Excerpt.withoutInvisible("a" + character + " b")).isEqualTo("a b");
    }

    @ParameterizedTest
    @CsvSource({
        "l\u043egging, l<U+043E>gging",
        "pillion.dev/\u0456nject, pillion.dev/<U+0456>nject",
        "\u0391BC \u0395\u03bd\u03b1, <U+0391>BC \u0395\u03bd\u03b1",
        "\u043f\u0440\u043e\u043a\u0441\u0438 proxy, \u043f\u0440\u043e\u043a\u0441\u0438 proxy"
    })
    void writesLettersThatLookLikeLatinOnesAsCodePointsInLatinWords(String text, String visible) {
        assertThat(Excerpt.visible(text)).isEqualTo(visible);
    }

    @Test
    void endsNoLine() {
        assertThat(Excerpt.visible("a\r\nb\u2028c\u0085d\te")).isEqualTo("a b c d e");
        assertThat(Excerpt.visibleLines("a\n\tb\u2028c")).isEqualTo("a\n\tb\\u2028c");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "It is short.                      | It is short.",
                "One sentence is here. And another | One sentence is here.…",
                "One clause is here; and another   | One clause is here;…",
                "It is one long sentence of words  | It is one long sentence…",
                "abcdefghijklmnopqrstuvwxyzabcdefg | abcdefghijklmnopqrstuvwxyz…",
                "A. bcdefghijklmnopqrstuvwxyzabcde | A. bcdefghijklmnopqrstuvwx…",
            })
    void endsWhereASentenceOrAWordEnds(String text, String excerpt) {
        assertThat(Excerpt.sentences(text, 27)).isEqualTo(excerpt);
    }

    @Test
    void doesNotCutACharacterInTwo() {
        assertThat(Excerpt.sentences("aaaa😀aaaa", 6)).isEqualTo("aaaa…");
        assertThat(Excerpt.sentences("aaaa😀aaaa", 7)).isEqualTo("aaaa😀…");
    }
}
