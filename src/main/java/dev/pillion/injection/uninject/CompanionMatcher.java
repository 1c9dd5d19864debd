package dev.pillion.injection.uninject;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.catalog.ContainerTemplate;
import dev.pillion.catalog.ContainerTemplate.Inherited;
import dev.pillion.catalog.Parameter;
import dev.pillion.catalog.Profile;
import dev.pillion.catalog.parameter.ParameterType;
import dev.pillion.expression.Template;
import dev.pillion.expression.TemplatePattern;
import dev.pillion.injection.render.CompanionFiles;
import dev.pillion.pod.Container;
import dev.pillion.pod.ImageMirrors;
import dev.pillion.pod.Pod;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Recognises containers that look like companions. A name alone is not enough, since an app can have a container of the same name: the image must
 * be the companion's too. Where a name can also be another container's, the command or a mounted file of Pillion must show the companion.
 */
public final class CompanionMatcher {

    private final Collection<Profile> profiles;

    /** The images of the Pod's regular containers, which companions can inherit. */
    private final Set<String> images = new HashSet<>();

    /** @param profiles whose companions are identified */
    public CompanionMatcher(Pod pod, Collection<Profile> profiles) {
        this.profiles = profiles;
        pod.containers().forEach(container -> images.add(image(container)));
    }

    /** The first profile that a container could be a companion of. */
    public Optional<Profile> profileOf(Container container) {
        return profiles.stream()
                .filter(profile ->
                        profile.containers().stream().anyMatch(template -> isCompanion(profile, template, container)))
                .findFirst();
    }

    /** The first profile with a companion of this name, or with a companion whose instances can have the name. */
    public Optional<Profile> profileNaming(String container) {
        return profiles.stream()
                .filter(profile -> profile.containers().stream()
                        .anyMatch(template ->
                                profile.mayName(template, container) || isOfAnotherInstance(template, container)))
                .findFirst();
    }

    private boolean isCompanion(Profile profile, ContainerTemplate template, Container container) {
        boolean named = profile.mayName(template, container.name());
        return (named || isOfAnotherInstance(template, container.name()))
                && hasImage(profile, template, container)
                && (named && hasOneName(template) || hasCommand(template, container) || mountsFiles(container));
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

    /** Only companions mount the volumes with the content of files. */
    private static boolean mountsFiles(Container container) {
        return container.volumeMounts().stream()
                .anyMatch(mount -> mount.volume().startsWith(CompanionFiles.VOLUME_PREFIX));
    }

    private static String image(Container container) {
        return container.tree().path("image").asText();
    }

    private boolean hasImage(Profile profile, ContainerTemplate template, Container container) {
        String image = image(container);
        if (template.inherited().contains(Inherited.IMAGE)) {
            return images.contains(image);
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
