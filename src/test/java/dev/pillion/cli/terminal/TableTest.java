package dev.pillion.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pillion.cli.terminal.Table.Cell;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class TableTest {

    @Test
    void alignsColumnsAndLeavesNoSpaceAtTheEndOfLines() {
        Table table = new Table("  ", 40)
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
    void goesOnInTheNextLineBelowACellThatIsTooLong() {
        Table table = new Table("", 10).row(Cell.of("a"), Cell.of("one two three four"), Cell.of("b"));

        assertThat(printed(table)).isEqualTo("""
                a  one two     b
                   three four
                """);
    }

    @Test
    void keepsControlCharactersFromTheTerminal() {
        assertThat(printed(new Table("", 10).row(Cell.of("a\u001b[2J\nb\u009bc\u202ed"))))
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
