package dev.pillion.cli.profiles;

import dev.pillion.catalog.ContainerTemplate;
import dev.pillion.catalog.ContainerTemplate.Role;
import dev.pillion.catalog.Guard;
import dev.pillion.catalog.Parameter;
import dev.pillion.catalog.Profile;
import dev.pillion.catalog.SharedDirectory;
import dev.pillion.cli.option.StandardOptions;
import dev.pillion.cli.terminal.Colors;
import dev.pillion.cli.terminal.Colors.TextStyle;
import dev.pillion.cli.terminal.Table;
import dev.pillion.cli.terminal.Table.Cell;
import dev.pillion.expression.Template;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** Prints a profile: its parameters, what it adds, and an example of a request. */
final class ProfileDescription {

    private static final String INDENT = "  ";
    private static final int WIDEST_CELL = 28;

    private final PrintWriter out;
    private final Colors colors;
    private final int width;

    ProfileDescription(StandardOptions standard) {
        this.out = standard.out();
        this.colors = standard.colors();
        this.width = standard.width();
    }

    void print(Profile profile) {
        out.println(
                colors.in(TextStyle.NAME, profile.name()) + colors.in(TextStyle.FAINT, " (" + profile.source() + ")"));
        new Table(INDENT, width, WIDEST_CELL)
                .row(Cell.of(profile.description()))
                .row(Cell.of(
                        switch (profile.access()) {
                            case OPEN -> "Every Pod may request it.";
                            case RESTRICTED -> "Restricted: only Pods that a policy permits may request it.";
                        }))
                .print(out, colors);
        section("parameters", parameters(profile));
        section("adds", additions(profile));
        out.println();
        out.println(INDENT + colors.in(TextStyle.TITLE, "example"));
        AnnotationExample.of(profile).lines().map((INDENT + INDENT)::concat).forEach(out::println);
    }

    private void section(String title, Table table) {
        if (!table.isEmpty()) {
            out.println();
            out.println(INDENT + colors.in(TextStyle.TITLE, title));
            table.print(out, colors);
        }
    }

    private Table parameters(Profile profile) {
        Table table = new Table(INDENT + INDENT, width, WIDEST_CELL);
        for (Parameter parameter : profile.parameters().values()) {
            table.row(
                    Cell.of(parameter.name()),
                    new Cell(parameter.type().word(), TextStyle.FAINT),
                    parameter.required()
                            ? new Cell("required", TextStyle.WARNING)
                            : Cell.of(ParameterText.defaultOf(parameter)),
                    Cell.of(ParameterText.of(parameter)));
        }
        return table;
    }

    private Table additions(Profile profile) {
        Table table = new Table(INDENT + INDENT, width, WIDEST_CELL);
        for (ContainerTemplate container : profile.containers()) {
            String image = TemplateText.withDefaults(TemplateText.field(container.body(), "image"), profile);
            table.row(
                    new Cell(container.role() == Role.INIT ? "init container" : "sidecar", TextStyle.FAINT),
                    Cell.of(container.name()),
                    Cell.of((image.isEmpty() ? "the app's image" : image) + notes(container)));
        }
        for (SharedDirectory directory : profile.sharedDirectories()) {
            table.row(
                    new Cell("shared directory", TextStyle.FAINT),
                    Cell.of(paths(directory, profile)),
                    Cell.of(users(directory)));
        }
        for (Template volume : profile.volumes()) {
            table.row(new Cell("volume", TextStyle.FAINT), Cell.of(TemplateText.field(volume, "name")));
        }
        profile.app().keySet().forEach(field -> table.row(Cell.of(field), Cell.of("for the app's containers")));
        profile.pod().forEach((field, template) -> {
            String text = template instanceof Template.Elements || template instanceof Template.Fields
                    ? ""
                    : ": " + TemplateText.withDefaults(TemplateText.of(template), profile);
            table.row(Cell.of(field), Cell.of("for the Pod" + (isOfSpec(profile, field) ? text : "")));
        });
        for (Guard guard : profile.skipWhen()) {
            table.row(new Cell("skipped if", TextStyle.WARNING), Cell.of(guard.name()), Cell.of(guard.message()));
        }
        for (Guard warning : profile.warnWhen()) {
            table.row(new Cell("warns if", TextStyle.WARNING), Cell.of(warning.name()), Cell.of(warning.message()));
        }
        return table;
    }

    private static boolean isOfSpec(Profile profile, String field) {
        return profile.specAdditions().contains(field);
    }

    private static String notes(ContainerTemplate container) {
        List<String> notes = new ArrayList<>();
        if (container.critical()) {
            notes.add("critical");
        }
        notes.add("order "
                + container
                        .orderOf()
                        .map(order -> "${" + order.source() + "}")
                        .orElse(Integer.toString(container.order())));
        container
                .forEach()
                .ifPresent(
                        each -> notes.add("one for each of ${" + each.elements().source() + "}"));
        container.when().ifPresent(when -> notes.add("when ${" + when.source() + "}"));
        return ", " + String.join(", ", notes);
    }

    private static String paths(SharedDirectory directory, Profile profile) {
        return directory
                .forEach()
                .map(each -> "each of "
                        + TemplateText.withDefaults("${" + each.elements().source() + "}", profile))
                .orElseGet(() -> TemplateText.withDefaults(TemplateText.of(directory.path()), profile));
    }

    private static String users(SharedDirectory directory) {
        List<String> users = new ArrayList<>();
        directory.writers().stream().sorted().map(name -> name + " (writes)").forEach(users::add);
        directory.readers().stream()
                .filter(name -> !directory.writers().contains(name))
                .sorted()
                .map(name -> name + " (reads)")
                .forEach(users::add);
        return "for the app and " + String.join(", ", users);
    }
}
