package dev.pillion.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pillion.cli.terminal.Colors.TextStyle;
import dev.pillion.cli.terminal.Table.Cell;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class TableTest {

    @Test
    void alignsColumnsWithoutTrailingSpaces() {
        Table table = new Table("  ", 100, 40)
                .row(Cell.of("path"), Cell.of("/var/log/app"), Cell.of("default"))
                .row(Cell.of("timeout"), Cell.of("5s"))
                .row(Cell.of("empty"), Cell.of(""), Cell.of("set"));

        assertThat(printed(table)).isEqualTo("""
                  path     /var/log/app  default
                  timeout  5s
                  empty                  set
                """.indent(2).replaceAll("(?m)^    ", "  "));
    }

    @Test
    void continuesInTheNextLineAfterACellThatIsTooLong() {
        Table table = new Table("", 100, 10).row(Cell.of("a"), Cell.of("one two three four"), Cell.of("b"));

        assertThat(printed(table)).isEqualTo("""
                a  one two     b
                   three four
                """);
    }

    @Test
    void doesNotBreakAWordThatIsLongerThanItsColumn() {
        Table table = new Table("", 100, 10)
                .row(Cell.of("a"), Cell.of("see http://collector:4318 first"), Cell.of("b"))
                .row(Cell.of("c"), Cell.of("d"), Cell.of("e"));

        assertThat(printed(table)).isEqualTo("""
                a  see
                   http://collector:4318
                   first
                               b
                c  d           e
                """);
    }

    @Test
    void narrowsTheFirstColumnsToLeaveSpaceForTheLastOne() {
        Table table = new Table("", 60, 40)
                .row(Cell.of("one two three four five six seven eight"), Cell.of("a sentence of some length"));

        assertThat(printed(table)).isEqualTo("""
                one two three four five six seven  a sentence of some length
                eight
                """);
    }

    @Test
    void doesNotWrapADrawing() {
        Table table = new Table("", 100, 10).row(Cell.unwrapped("    |---->  |", TextStyle.PLAIN), Cell.of("label"));

        assertThat(printed(table)).isEqualTo("""
                    |---->  |
                            label
                """);
    }

    @Test
    void escapesControlCharacters() {
        assertThat(printed(new Table("", 100, 10).row(Cell.of("a\u001b[2J\nb\u009bc\u202ed"))))
                .isEqualTo("a [2J b c d\n");
    }

    private static String printed(Table table) {
        StringWriter text = new StringWriter();
        PrintWriter out = new PrintWriter(text);
        table.print(out, new Colors(false));
        out.flush();
        return text.toString();
    }
}
