package dev.pillion.catalog.compile;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.catalog.ContainerTemplate.FileTemplate;
import dev.pillion.expression.Template;
import dev.pillion.expression.TemplateCompiler;
import dev.pillion.expression.TemplateText;
import dev.pillion.expression.Type.Scalar;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the files of a container.
 *
 * @param problems receives the problems of expressions
 */
record FilesReader(Problems problems) {

    List<FileTemplate> read(Fields fields, TemplateCompiler templates) {
        List<FileTemplate> files = new ArrayList<>();
        for (Fields file : fields.maps("files")) {
            String path = file.requiredText("path");
            if (!path.isEmpty() && (!path.startsWith("/") || path.endsWith("/") || path.lastIndexOf('/') == 0)) {
                file.report(
                        "path", "must be the absolute path of a file in a directory other than /, is '" + path + "'");
            }
            JsonNode content = file.any("content");
            if (content.isMissingNode()) {
                file.report("content", "is missing");
            }
            if (content.isTextual()
                    && content.textValue().replace("$${", "").contains("${")
                    && TemplateText.onlyExpression(content.textValue()).isEmpty()) {
                file.report(
                        "content",
                        "is text that contains ${…}, so a value could change the structure of the file; write a tree, or pass the value in env");
            }
            files.add(new FileTemplate(
                    new Conditions(problems).when(file, templates),
                    path.isEmpty()
                            ? Template.nothing()
                            : templates.compile(file.any("path"), Scalar.STRING, file.path("path")),
                    templates.compile(content, Scalar.ANY, file.path("content"))));
            file.refuseOthers();
        }
        return files;
    }
}
