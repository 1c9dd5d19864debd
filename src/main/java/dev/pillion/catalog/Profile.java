package dev.pillion.catalog;

import dev.pillion.catalog.parameter.ParameterType;
import dev.pillion.expression.Expression;
import dev.pillion.expression.FieldPath;
import dev.pillion.expression.Template;
import dev.pillion.pod.DnsLabel;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A compiled profile: one companion.
 *
 * @param name the requested name; for an instance, an {@link InstanceName}
 * @param instance distinguishes this copy of the profile from others in the same Pod; empty for the profile itself
 * @param generation a hash of everything except the texts for people: it changes with the fields that the profile adds or accepts
 * @param source the file or resource, as the user knows it
 * @param app additions to the app's containers: {@code env}, {@code envFrom} and {@code volumeMounts}
 * @param pod additions to the Pod: {@code labels}, {@code annotations}, {@code imagePullSecrets} and fields of its spec
 * @param generations how Pods get its generations
 */
public record Profile(
        String name,
        Optional<String> instance,
        String generation,
        String source,
        String description,
        Access access,
        Map<String, Parameter> parameters,
        List<ContainerTemplate> containers,
        List<Template> volumes,
        List<SharedDirectory> sharedDirectories,
        Map<String, Template> app,
        Map<String, Template> pod,
        List<Guard> skipWhen,
        List<Guard> warnWhen,
        GenerationSettings generations) {

    /** Which Pods can request a profile. */
    public enum Access {
        /** Every Pod. */
        OPEN,
        /** Only Pods that a policy permits. */
        RESTRICTED
    }

    /** The same profile without guards. */
    public Profile withoutGuards() {
        return new Profile(
                name,
                instance,
                generation,
                source,
                description,
                access,
                parameters,
                containers,
                volumes,
                sharedDirectories,
                app,
                pod,
                List.of(),
                warnWhen,
                generations);
    }

    /** A further copy of this profile for the same Pod. Its containers and volumes have other names. */
    Profile instance(String other) {
        return new Profile(
                new InstanceName(other, name).toString(),
                Optional.of(other),
                generation,
                source,
                description,
                access,
                parameters,
                containers,
                volumes,
                sharedDirectories,
                app,
                pod,
                skipWhen,
                warnWhen,
                generations);
    }

    /**
     * This earlier generation, for Pods that would get the present version. It is an instance if that is one. A profile that is restricted now stays so,
     * whatever it was before.
     */
    Profile insteadOf(Profile present) {
        Profile same = present.instance.map(this::instance).orElse(this);
        Access stricter = present.access == Access.RESTRICTED ? Access.RESTRICTED : access;
        return new Profile(
                same.name,
                same.instance,
                generation,
                source,
                description,
                stricter,
                parameters,
                containers,
                volumes,
                sharedDirectories,
                app,
                pod,
                skipWhen,
                warnWhen,
                present.generations);
    }

    /** The name of one of its containers or volumes in a Pod. */
    public String nameInPod(String name) {
        return instance.map(own -> InstanceName.renamed(name, own)).orElse(name);
    }

    /** The name that a container or a volume of a Pod has in the profile; empty if it cannot belong to this instance. */
    public Optional<String> nameInProfile(String nameInPod) {
        return instance.isEmpty() ? Optional.of(nameInPod) : InstanceName.original(nameInPod, instance.get());
    }

    /** A hash of the whole profile, including its descriptions and messages. */
    String revision() {
        return DnsLabel.hash(Stream.concat(
                        Stream.of(generation, description, generations.toString()),
                        Stream.concat(
                                parameters.values().stream().map(Parameter::description),
                                Stream.concat(skipWhen.stream(), warnWhen.stream())
                                        .map(guard ->
                                                guard.name() + "\0" + guard.condition() + "\0" + guard.message())))
                .collect(Collectors.joining("\0")));
    }

    /** The parameter of type {@code resources}, if the profile has one. */
    public Optional<Parameter> resourcesParameter() {
        for (Parameter parameter : parameters.values()) {
            if (parameter.type() == ParameterType.RESOURCES) {
                return Optional.of(parameter);
            }
        }
        return Optional.empty();
    }

    /** Whether one of the profile's sidecars always has this name. */
    public boolean namesSidecar(String container) {
        for (ContainerTemplate template : containers) {
            if (template.isSidecar() && nameInPod(template.name()).equals(container)) {
                return true;
            }
        }
        return false;
    }

    /** Whether one of the profile's sidecars can have this name. */
    public boolean mayNameSidecar(String container) {
        for (ContainerTemplate template : containers) {
            if (template.isSidecar() && mayName(template, container)) {
                return true;
            }
        }
        return false;
    }

    /** Whether one of its containers can have this name in a Pod. */
    public boolean mayName(ContainerTemplate template, String container) {
        return nameInProfile(container).filter(template::mayBeNamed).isPresent();
    }

    /** Whether it appends to variables that the app can set, as far as that is known without a Pod. */
    public boolean appends() {
        return AppendedEnvironment.isIn(app);
    }

    /** The fields of a Pod's spec to which it adds. */
    public List<String> specAdditions() {
        return PodSpecAdditions.TYPES.keySet().stream().filter(pod::containsKey).toList();
    }

    /** Whether it adds to the Pod's spec other fields than containers, volumes and image pull secrets. */
    public boolean addsToSpec() {
        return pod.keySet().stream().anyMatch(PodSpecAdditions.TYPES::containsKey);
    }

    /** All expressions in the additions of the profile, without those in defaults of parameters and in guards. */
    public Stream<Expression> rendering() {
        Stream<Expression> ofContainers = containers.stream().flatMap(container -> Stream.of(
                        container.body().expressions(),
                        container.when().stream(),
                        container.orderOf().stream(),
                        container.forEach().stream().map(ContainerTemplate.Repeat::elements),
                        container.files().stream().flatMap(file -> Stream.of(
                                        file.when().stream(),
                                        file.path().expressions(),
                                        file.content().expressions())
                                .flatMap(each -> each)))
                .flatMap(each -> each));
        Stream<Template> others = Stream.of(volumes.stream(), app.values().stream(), pod.values().stream())
                .flatMap(each -> each);
        return Stream.of(
                        ofContainers,
                        others.flatMap(Template::expressions),
                        sharedDirectories.stream().flatMap(SharedDirectory::expressions))
                .flatMap(each -> each);
    }

    /** All expressions of the profile. */
    Stream<Expression> expressions() {
        return Stream.of(
                        rendering(),
                        parameters.values().stream()
                                .flatMap(parameter -> parameter.defaultValue().stream())
                                .flatMap(Template::expressions),
                        Stream.concat(skipWhen.stream(), warnWhen.stream()).map(Guard::condition))
                .flatMap(each -> each);
    }

    /** The fields of a Pod that it reads in expressions, and those to which it adds. */
    Stream<FieldPath> fieldsRead() {
        return Stream.concat(
                expressions().flatMap(expression -> expression.paths().stream()),
                pod.keySet().stream()
                        .map(field -> FieldPath.of(
                                PodSpecAdditions.TYPES.containsKey(field)
                                        ? "pod.spec." + field
                                        : "pod.metadata." + field)));
    }
}
