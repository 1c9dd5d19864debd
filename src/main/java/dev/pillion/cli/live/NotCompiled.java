package dev.pillion.cli.live;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.pillion.catalog.compile.Problem;
import dev.pillion.catalog.resource.ResourceCatalog;
import dev.pillion.catalog.resource.ResourceStatus;
import dev.pillion.cli.terminal.Colors;
import dev.pillion.cli.terminal.Colors.TextStyle;
import dev.pillion.cli.terminal.Printable;
import dev.pillion.cli.terminal.Table;
import dev.pillion.cli.terminal.Table.Cell;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * A profile or a policy of the cluster, or a policy of a directory, that does not compile.
 *
 * @param name as kubectl writes it, or a file and its line
 * @param inForce what is in force instead
 * @param problems one sentence for each
 */
public record NotCompiled(String name, String inForce, List<String> problems) {

    /** The resources of a catalog that do not compile, profiles first. */
    public static List<NotCompiled> in(ResourceCatalog catalog) {
        List<NotCompiled> found = new ArrayList<>();
        catalog.statuses().forEach((id, status) -> {
            if (!status.compiled() || !status.unmet().isEmpty()) {
                List<String> problems = new ArrayList<>();
                status.problems().forEach(problem -> problems.add(problem.inResource()));
                problems.addAll(status.unmet());
                found.add(new NotCompiled(id.toString(), inForce(status), problems));
            }
        });
        for (Problem problem : catalog.baseProblems()) {
            found.add(new NotCompiled(
                    problem.file() + ":" + problem.line(), "the other parts", List.of(problem.inResource())));
        }
        return found;
    }

    private static String inForce(ResourceStatus status) {
        return switch (status.state()) {
            case COMPILED -> "a part";
            case LAST_GOOD -> "an earlier version";
            case INVALID -> "nothing";
        };
    }

    /** Prints a table and an empty line; nothing for an empty list. */
    public static void print(List<NotCompiled> list, PrintWriter out, Colors colors) {
        if (list.isEmpty()) {
            return;
        }
        Table table = Table.ofLongLines();
        table.row(
                new Cell("DOES NOT COMPILE", TextStyle.TITLE),
                new Cell("IN FORCE", TextStyle.TITLE),
                new Cell("PROBLEM", TextStyle.TITLE));
        for (NotCompiled each : list) {
            each.problems()
                    .forEach(problem -> table.row(
                            new Cell(each.name(), TextStyle.NAME),
                            new Cell(each.inForce(), TextStyle.BAD),
                            new Cell(Printable.oneLine(problem), TextStyle.FAINT)));
        }
        table.print(out, colors);
        out.println();
    }

    /** Adds an object with {@code kind: not-compiled}. */
    public void addTo(ArrayNode list) {
        ArrayNode details = list.addObject()
                .put("kind", "not-compiled")
                .put("resource", name)
                .put("inForce", inForce)
                .putArray("problems");
        problems.forEach(details::add);
    }
}
