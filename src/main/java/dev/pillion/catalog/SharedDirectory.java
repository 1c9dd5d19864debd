package dev.pillion.catalog;

import dev.pillion.catalog.ContainerTemplate.Repeat;
import dev.pillion.expression.Expression;
import dev.pillion.expression.Template;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A directory that the app's containers share with containers of the profile.
 *
 * @param forEach one directory for each element
 * @param name of the volume, if Pillion adds one
 * @param readers names in the profile of the containers that mount it read-only
 * @param writers names in the profile of the containers that can write to it
 * @param emptyDir options of the volume, if Pillion adds one
 */
public record SharedDirectory(
        Optional<Repeat> forEach,
        Template path,
        Optional<Template> name,
        Set<String> readers,
        Set<String> writers,
        Template emptyDir) {

    Stream<Expression> expressions() {
        return Stream.concat(
                forEach.stream().map(Repeat::elements),
                Stream.concat(Stream.of(path, emptyDir), name.stream()).flatMap(Template::expressions));
    }
}
