package dev.pillion.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pillion.cli.doctor.check.CheckId;
import dev.pillion.cli.doctor.check.Finding;
import dev.pillion.cli.doctor.check.Finding.Status;
import dev.pillion.cli.terminal.Colors;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DoctorReportTest {

    private static final Finding OK = new Finding(CheckId.CLOCK, Status.OK, "The clocks agree", "");
    private static final Finding WARNING =
            new Finding(CheckId.CRDS, Status.WARNING, "A definition is newer", "Use another command");
    private static final Finding FAILED =
            new Finding(CheckId.SERVICE, Status.FAILED, "The port is\u001b[2J wrong", "Apply it again");

    private static String printed(Symbols symbols, Finding... findings) {
        StringWriter text = new StringWriter();
        DoctorReport report = new DoctorReport(new PrintWriter(text), new Colors(false), symbols);
        for (Finding finding : findings) {
            report.print(finding);
        }
        report.printSummary();
        return text.toString();
    }

    @Test
    void printsEachFindingWithItsFixAndItsPage() {
        assertThat(printed(Symbols.UNICODE, OK, WARNING, FAILED)).isEqualTo("""
                        Cluster
                        ✓ The clocks agree  docs/doctor.md#clock

                        Installation
                        ‼ A definition is newer  docs/doctor.md#crds
                          Fix: Use another command

                        Connection from the API server
                        ✗ The port is [2J wrong  docs/doctor.md#service
                          Fix: Apply it again

                        3 checks: 1 failed, 1 warning
                        """);
    }

    @Test
    void printsWordsIfTheOutputIsNotUnicode() {
        String text = printed(Symbols.ASCII, OK, WARNING, FAILED);

        assertThat(text)
                .contains("ok   The clocks agree", "WARN A definition is newer", "FAIL The port is", "\n     Fix: ");
        assertThat(StandardCharsets.US_ASCII.newEncoder().canEncode(text)).isTrue();
    }

    @Test
    void saysThatThereAreNoFindings() {
        assertThat(printed(Symbols.ASCII, OK)).endsWith("\n1 check: no findings\n");
    }

    @ParameterizedTest
    @CsvSource({"UTF-8,UNICODE", "utf8,UNICODE", "ANSI_X3.4-1968,ASCII", "ISO-8859-1,ASCII", "unknown,ASCII", "'',ASCII"
    })
    void theCharacterSetOfTheOutputDecidesTheMarks(String encoding, Symbols symbols) {
        assertThat(Symbols.of(encoding)).isEqualTo(symbols);
    }
}
