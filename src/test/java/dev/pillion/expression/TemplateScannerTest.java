package dev.pillion.expression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pillion.expression.TemplateScanner.Code;
import dev.pillion.expression.TemplateScanner.Literal;
import dev.pillion.yaml.RandomTree;
import dev.pillion.yaml.Seeds;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TemplateScannerTest {

    /** Expressions are shown in ‹›, texts in «». */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "plain                     | «plain»",
                "``                        | ``",
                "${a}                      | ‹a›",
                "${ a }                    | ‹a›",
                "x${a}y${b}z               | «x»‹a›«y»‹b›«z»",
                "${a}${b}                  | ‹a›‹b›",
                "$                         | «$»",
                "$$ and $a and ${a}$       | «$$ and $a and »‹a›«$»",
                "$ {a}                     | «$ {a}»",
                "$${a}                     | «${a}»",
                "$$${a}                    | «$${a}»",
                "$${${a}}                  | «${»‹a›«}»",
                "{${a}}                    | «{»‹a›«}»",
                "${a}}                     | ‹a›«}»",
                "}                         | «}»",
                "${{'a': {'b': 1}}.a.b}    | ‹{'a': {'b': 1}}.a.b›",
                "${'}'}x                   | ‹'}'›«x»",
                "${'{'}x                   | ‹'{'›«x»",
                "${\"}\"}                  | ‹\"}\"›",
                "${'\"}'}                  | ‹'\"}'›",
                "${'\\'}'}                 | ‹'\\'}'›",
                "${'\\\\'}                 | ‹'\\\\'›",
                "${'''it's }'''}           | ‹'''it's }'''›",
                "${\"\"\"a\"}\"\"\"}       | ‹\"\"\"a\"}\"\"\"›",
                "${r'\\'}'}                | ‹r'\\'›«'}»",
                "${R\"\\\"}x               | ‹R\"\\\"›«x»",
                "${'${a}'}                 | ‹'${a}'›",
                "${'$${'}                  | ‹'$${'›",
                "${}                       | ‹›",
            })
    void splitsTextsFromExpressions(String text, String pieces) throws Exception {
        assertThat(shown(text)).isEqualTo(pieces);
    }

    @ParameterizedTest
    @ValueSource(strings = {"${", "${a", "${'}", "${{}", "${'''}'}", "${\"\\\"}", "${'a\\"})
    void rejectsAnExpressionThatIsNotClosed(String text) {
        assertThatThrownBy(() -> TemplateScanner.scan(text))
                .isInstanceOf(ExpressionException.class)
                .hasMessage("the ${ at column 1 is never closed; a literal ${ is written $${");
    }

    @Test
    void namesTheColumnOfTheExpressionThatIsNotClosed() {
        assertThatThrownBy(() -> TemplateScanner.scan("${a} and ${b"))
                .hasMessage("the ${ at column 10 is never closed; a literal ${ is written $${");
    }

    @Test
    void unescapesDoubledDollars() {
        Seeds.each(1_000, random -> {
            // given
            String text = RandomTree.text(random) + RandomTree.text(random);

            // when
            List<TemplateScanner.Piece> pieces = TemplateScanner.scan(text.replace("${", "$${"));

            // then
            assertThat(pieces).isEqualTo(text.isEmpty() ? List.of() : List.of(new Literal(text)));
        });
    }

    private static String shown(String text) throws ExpressionException {
        return TemplateScanner.scan(text).stream()
                .map(piece -> switch (piece) {
                    case Literal(String literal) -> "«" + literal + "»";
                    case Code(String source) -> "‹" + source + "›";
                })
                .collect(Collectors.joining());
    }
}
