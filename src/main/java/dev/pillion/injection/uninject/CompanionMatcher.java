package dev.pillion.injection.uninject;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.catalog.ContainerTemplate;
import dev.pillion.catalog.ContainerTemplate.Inherited;
import dev.pillion.catalog.Parameter;
import dev.pillion.catalog.Profile;
import dev.pillion.catalog.parameter.ParameterType;
import dev.pillion.expression.Template;
import dev.pillion.expression.TemplatePattern;
import dev.pillion.pod.Container;
import dev.pillion.pod.ImageMirrors;
import dev.pillion.pod.Pod;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/**
 * Recognises containers that look like companions, by name and image, and by command where the name is ambiguous.
 *
 * @param profiles whose companions are recognised
 */
record CompanionMatcher(Pod pod, Collection<Profile> profiles) {

    /** The first profile that a container could be a companion of. */
    Optional<Profile> profileOf(Container container) {
        return profiles.stream()
                .filter(profile -> profile.containers().stream()
                        .anyMatch(template -> hasImage(profile, template, container)
                                && (profile.mayName(template, container.name())
                                        ? hasOneName(template) || hasCommand(template, container)
                                        : isOfAnotherInstance(template, container.name())
                                                && hasCommand(template, container))))
                .findFirst();
    }

    /** The name of an instance's container starts with the name that the container has in the profile. */
    private static boolean isOfAnotherInstance(ContainerTemplate template, String name) {
        for (int hyphen = name.indexOf('-'); hyphen > 0; hyphen = name.indexOf('-', hyphen + 1)) {
            if (template.mayBeNamed(name.substring(0, hyphen))) {
                return true;
            }
        }
        return false;
    }

    private static boolean hasOneName(ContainerTemplate template) {
        return field(template, "name") instanceof Template.Constant;
    }

    /** A name that is made for each element can be another container's as well. */
    private static boolean hasCommand(ContainerTemplate template, Container container) {
        return field(template, "command") instanceof Template.Constant(JsonNode command)
                && command.equals(container.tree().path("command"));
    }

    private boolean hasImage(Profile profile, ContainerTemplate template, Container container) {
        String image = container.tree().path("image").asText();
        if (template.inherited().contains(Inherited.IMAGE)) {
            return pod.containers().stream()
                    .anyMatch(app -> app.tree().path("image").asText().equals(image));
        }
        return switch (field(template, "image")) {
            case Template.Whole _ -> profile.parameters().values().stream().anyMatch(each -> isDefault(each, image));
            case Template other -> TemplatePattern.couldBe(other, image);
        };
    }

    /** Another generation can have another tag, and a mirror another registry. */
    private static boolean isDefault(Parameter parameter, String image) {
        return parameter.type() == ParameterType.IMAGE
                && parameter.defaultValue().orElse(Template.nothing()) instanceof Template.Constant(JsonNode value)
                && ImageMirrors.repository(value.asText()).equals(ImageMirrors.repository(image));
    }

    private static Template field(ContainerTemplate template, String field) {
        return switch (template.body()) {
            case Template.Fields(Map<String, Template> fields) -> fields.getOrDefault(field, Template.nothing());
            case Template.Constant(JsonNode value) -> new Template.Constant(value.path(field));
            case Template.Whole _, Template.Interpolated _, Template.Elements _ -> Template.nothing();
        };
    }
}
