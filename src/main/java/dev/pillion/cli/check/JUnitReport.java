package dev.pillion.cli.check;

import dev.pillion.cli.check.CheckedCase.Failed;
import java.io.StringWriter;
import java.util.List;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/**
 * A report as JUnit XML, in the form that all CI servers read: one suite with a test for the whole catalog and for each problem, lint finding
 * and case. The form has no warnings: a lint finding that does not fail the check is a skipped test.
 */
final class JUnitReport {

    private final CheckReport report;
    private final boolean strict;
    private final XMLStreamWriter xml;

    private JUnitReport(CheckReport report, boolean strict, XMLStreamWriter xml) {
        this.report = report;
        this.strict = strict;
        this.xml = xml;
    }

    static String of(CheckReport report, boolean strict) {
        StringWriter text = new StringWriter();
        try {
            XMLStreamWriter xml = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(text);
            new JUnitReport(report, strict, xml).write();
            xml.close();
        } catch (XMLStreamException e) {
            throw new IllegalStateException("cannot write to a string", e);
        }
        return text.append('\n').toString();
    }

    private void write() throws XMLStreamException {
        int lints = report.lints().size();
        int failures = report.problems().size() + report.failed() + (strict ? lints : 0);
        xml.writeStartDocument("UTF-8", "1.0");
        line();
        xml.writeStartElement("testsuite");
        xml.writeAttribute("name", plain("pillion check " + report.directory()));
        xml.writeAttribute("tests", String.valueOf(tests()));
        xml.writeAttribute("failures", String.valueOf(failures));
        xml.writeAttribute("errors", "0");
        xml.writeAttribute("skipped", String.valueOf(strict ? 0 : lints));
        if (report.problems().isEmpty()) {
            start("catalog", "compiles");
            end();
        }
        for (Finding problem : report.problems()) {
            write(problem, "catalog", "failure");
        }
        for (Finding lint : report.lints()) {
            write(lint, "lint", strict ? "failure" : "skipped");
        }
        for (CheckedCase each : report.cases()) {
            write(each);
        }
        line();
        xml.writeEndElement();
        xml.writeEndDocument();
    }

    private int tests() {
        return Math.max(1, report.problems().size())
                + report.lints().size()
                + report.cases().size();
    }

    private void write(Finding finding, String group, String outcome) throws XMLStreamException {
        start(group, finding.rule() + " " + finding.location());
        outcome(outcome, finding.rule(), finding.text(), finding.toString());
        end();
    }

    private void write(CheckedCase each) throws XMLStreamException {
        start("case", each.name());
        if (each.result() instanceof Failed(List<String> difference)) {
            outcome(
                    "failure",
                    Finding.FAILED_CASE,
                    "the result is not as " + each.file() + " expects",
                    String.join("\n", difference));
        }
        end();
    }

    private void start(String group, String name) throws XMLStreamException {
        line();
        xml.writeStartElement("testcase");
        xml.writeAttribute("classname", "pillion." + group);
        xml.writeAttribute("name", plain(name));
    }

    private void outcome(String outcome, String type, String message, String detail) throws XMLStreamException {
        xml.writeStartElement(outcome);
        if (outcome.equals("failure")) {
            xml.writeAttribute("type", type);
        }
        xml.writeAttribute("message", plain(message));
        xml.writeCharacters(plain(detail));
        xml.writeEndElement();
    }

    private void end() throws XMLStreamException {
        xml.writeEndElement();
    }

    private void line() throws XMLStreamException {
        xml.writeCharacters("\n");
    }

    /** Replaces characters that XML 1.0 cannot represent, even escaped. */
    private static String plain(String text) {
        return text.replaceAll("[^\\t\\n\\r\\x20-\\x{d7ff}\\x{e000}-\\x{fffd}\\x{10000}-\\x{10ffff}]", "\ufffd");
    }
}
