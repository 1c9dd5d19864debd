package dev.pillion.cli.doctor;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.cli.doctor.check.CheckId.Group;
import dev.pillion.cli.doctor.check.Finding;
import dev.pillion.cli.doctor.check.Finding.Status;
import dev.pillion.cli.option.Keywords;
import dev.pillion.cli.terminal.Colors;
import dev.pillion.cli.terminal.Colors.TextStyle;
import dev.pillion.cli.terminal.Printable;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Prints each finding when its check is done: a line with the finding and its page, and a line with the fix. */
final class DoctorReport {

    private final PrintWriter out;
    private final Colors colors;
    private final Symbols symbols;
    private final List<Finding> findings = new ArrayList<>();
    private @Nullable Group group;

    DoctorReport(PrintWriter out, Colors colors, Symbols symbols) {
        this.out = out;
        this.colors = colors;
        this.symbols = symbols;
    }

    void add(Finding finding) {
        findings.add(finding);
    }

    void print(Finding finding) {
        add(finding);
        if (group != finding.check().group()) {
            if (group != null) {
                out.println();
            }
            group = finding.check().group();
            out.println(colors.in(TextStyle.TITLE, group.title()));
        }
        out.println(colors.in(style(finding.status()), symbols.of(finding.status())) + " "
                + Printable.oneLine(finding.sentence()) + "  "
                + colors.in(TextStyle.FAINT, finding.check().page()));
        if (!finding.fix().isEmpty()) {
            out.println(" ".repeat(symbols.width() + 1) + "Fix: " + Printable.oneLine(finding.fix()));
        }
        out.flush();
    }

    private static TextStyle style(Status status) {
        return switch (status) {
            case OK -> TextStyle.GOOD;
            case WARNING -> TextStyle.WARNING;
            case FAILED -> TextStyle.BAD;
        };
    }

    /** Prints how many checks found something. */
    void printSummary() {
        long checks = findings.stream().map(Finding::check).distinct().count();
        long failed = count(Status.FAILED);
        long warnings = count(Status.WARNING);
        out.println();
        out.println(checks
                + (checks == 1 ? " check: " : " checks: ")
                + (failed + warnings == 0
                        ? "no findings"
                        : failed + " failed, " + warnings + (warnings == 1 ? " warning" : " warnings")));
    }

    long count(Status status) {
        return findings.stream().filter(finding -> finding.status() == status).count();
    }

    /** One object for each finding. */
    ArrayNode json() {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        for (Finding finding : findings) {
            ObjectNode object = list.addObject()
                    .put("id", finding.check().id())
                    .put("status", Keywords.of(finding.status()))
                    .put("finding", finding.sentence());
            if (!finding.fix().isEmpty()) {
                object.put("fix", finding.fix());
            }
            object.put("page", finding.check().page());
        }
        return list;
    }
}
