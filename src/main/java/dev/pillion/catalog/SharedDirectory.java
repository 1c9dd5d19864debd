package dev.pillion.catalog;

import dev.pillion.catalog.ContainerTemplate.Repeat;
import dev.pillion.expression.Expression;
import dev.pillion.expression.Template;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A directory that the app's containers and some of the profile's share.
 *
 * @param forEach one directory for each element
 * @param name of the volume, where one must be added
 * @param readers containers of the profile, by the name that stands in it, that see it read-only
 * @param writers containers of the profile that may write to it
 * @param emptyDir options of the volume, where one must be added
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
