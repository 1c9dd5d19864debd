package dev.pillion.catalog.compile;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.catalog.ContainerTemplate;
import dev.pillion.catalog.ContainerTemplate.Repeat;
import dev.pillion.catalog.SharedDirectory;
import dev.pillion.catalog.parameter.ParameterType;
import dev.pillion.expression.Excerpt;
import dev.pillion.expression.Nearest;
import dev.pillion.expression.Template;
import dev.pillion.expression.TemplateCompiler;
import dev.pillion.expression.Type.Scalar;
import dev.pillion.pod.DnsLabel;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Reads the shared directories of a profile.
 *
 * @param problems receives the problems of expressions
 */
record SharedDirectoryReader(Problems problems) {

    List<SharedDirectory> read(Fields spec, TemplateCompiler templates, List<ContainerTemplate> containers) {
        Set<String> names = new TreeSet<>();
        containers.forEach(container -> names.add(container.name()));
        List<SharedDirectory> directories = new ArrayList<>();
        for (Fields directory : spec.maps("sharedDirectories")) {
            directories.add(sharedDirectory(directory, templates, names));
            directory.refuseOthers();
        }
        return directories;
    }

    private SharedDirectory sharedDirectory(Fields directory, TemplateCompiler outer, Set<String> containers) {
        Optional<Repeat> forEach = new ForEachReader(problems).read(directory, outer);
        TemplateCompiler templates = ForEachReader.within(forEach, outer);
        String path = directory.requiredText("path");
        if (!path.isEmpty()) {
            ParameterType.PATH.problemOf(directory.any("path")).ifPresent(problem -> directory.report("path", problem));
            refuseSameForAll(forEach, path, directory.path("path"), "path");
        }
        Optional<Template> name = directory.text("name").map(text -> {
            if (!text.contains("${") && !DnsLabel.isValid(text)) {
                directory.report("name", "must be lower-case letters, digits and hyphens, is '" + text + "'");
            }
            refuseSameForAll(forEach, text, directory.path("name"), "volume");
            return templates.compile(directory.any("name"), Scalar.STRING, directory.path("name"));
        });
        return new SharedDirectory(
                forEach,
                path.isEmpty()
                        ? Template.nothing()
                        : templates.compile(directory.any("path"), Scalar.STRING, directory.path("path")),
                name,
                containersOf(directory, "readers", containers),
                containersOf(directory, "writers", containers),
                emptyDir(directory, templates));
    }

    private void refuseSameForAll(Optional<Repeat> forEach, String text, String path, String what) {
        if (forEach.isPresent() && !text.contains("${")) {
            problems.accept(
                    path,
                    "must contain ${" + forEach.get().variable() + "}, so that each element has a different " + what);
        }
    }

    private static Template emptyDir(Fields directory, TemplateCompiler templates) {
        JsonNode options = directory.any("emptyDir");
        return options.isMissingNode()
                ? new Template.Fields(Map.of())
                : templates.compile(options, KubernetesSchema.EMPTY_DIR, directory.path("emptyDir"));
    }

    private static Set<String> containersOf(Fields directory, String field, Set<String> names) {
        Set<String> listed = new HashSet<>();
        int index = 0;
        for (String name : directory.texts(field)) {
            if (!names.contains(name)) {
                directory.report(
                        field,
                        index,
                        () -> "no container of this profile is called '" + Excerpt.of(name) + "'"
                                + Nearest.hint(name, names));
            }
            listed.add(name);
            index++;
        }
        return listed;
    }
}
