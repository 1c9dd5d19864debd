package dev.pillion.injection.uninject;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.catalog.Catalog;
import dev.pillion.catalog.ContainerTemplate;
import dev.pillion.catalog.Profile;
import dev.pillion.catalog.ProfileVersion;
import dev.pillion.catalog.SharedDirectory;
import dev.pillion.expression.Template;
import dev.pillion.expression.TemplatePattern;
import dev.pillion.injection.plan.Status;
import dev.pillion.injection.reason.Annotations;
import dev.pillion.injection.render.CompanionFiles;
import dev.pillion.injection.render.SharedVolumeName;
import dev.pillion.pod.ContainerList;
import dev.pillion.pod.ReviewLimits;
import dev.pillion.pod.VolumeMount;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The additions that the profiles of a status can make. Anyone can write a status, so only additions that one of these profiles defines are
 * removed. If the generation of the status is still known, it defines them; otherwise the one in force. A profile defines its additions by name. A name that is an expression can be any name: profile {@code env} can set any variable.
 *
 * @param unknown names of profiles in the status that the catalog does not have
 */
public record Definitions(List<Profile> profiles, List<String> unknown) {

    public static Definitions of(Status status, Catalog catalog) {
        List<Profile> profiles = new ArrayList<>();
        List<String> unknown = new ArrayList<>();
        int instances = 0;
        for (Map.Entry<String, Status.Given> given : status.profiles().entrySet()) {
            String name = given.getKey();
            Optional<Profile> profile = injected(name, given.getValue(), catalog);
            // Pillion writes no status with more instances. The limit bounds the work, since each addition is compared
            // with each profile.
            if (profile.isEmpty() || profile.get().instance().isPresent() && instances++ == ReviewLimits.INSTANCES) {
                unknown.add(name);
            } else {
                profiles.add(profile.get());
            }
        }
        return new Definitions(profiles, unknown);
    }

    private static Optional<Profile> injected(String name, Status.Given given, Catalog catalog) {
        return Optional.ofNullable(given.generation())
                .flatMap(generation -> catalog.version(name, generation))
                .flatMap(version -> version instanceof ProfileVersion.Usable(Profile profile)
                        ? Optional.of(profile)
                        : Optional.empty())
                .or(() -> catalog.profile(name));
    }

    boolean defineContainer(ContainerList list, String name) {
        return any(profile -> profile.containers().stream()
                .anyMatch(template -> (template.isSidecar() || list == ContainerList.INIT_CONTAINERS)
                        && profile.mayName(template, name)));
    }

    boolean defineVolume(JsonNode volume) {
        String name = volume.path("name").asText();
        return any(profile -> profile.nameInProfile(name)
                        .filter(own -> profile.volumes().stream()
                                .anyMatch(template -> TemplatePattern.couldHave(template, "name", own)))
                        .isPresent()
                || volume.has("emptyDir")
                        && profile.sharedDirectories().stream()
                                .anyMatch(directory -> couldBeNamed(profile, directory, name))
                || volume.has("downwardAPI")
                        && name.startsWith(CompanionFiles.VOLUME_PREFIX)
                        && profile.containers().stream().anyMatch(Definitions::hasFiles));
    }

    private static boolean couldBeNamed(Profile profile, SharedDirectory directory, String volume) {
        return directory
                .name()
                .map(name -> profile.nameInProfile(volume)
                        .filter(own -> TemplatePattern.couldBe(name, own))
                        .isPresent())
                .orElseGet(() -> volume.startsWith(SharedVolumeName.PREFIX));
    }

    private static boolean hasFiles(ContainerTemplate template) {
        return !template.files().isEmpty();
    }

    /** Whether a profile mounts a volume of this name at this directory of the app's containers. */
    boolean defineMount(VolumeMount mount) {
        return any(profile -> defines(
                profile.app(),
                "volumeMounts",
                list -> (TemplatePattern.couldHaveElement(list, "name", mount.volume())
                                || profile.nameInProfile(mount.volume())
                                        .filter(own -> TemplatePattern.couldHaveElement(list, "name", own))
                                        .isPresent())
                        && TemplatePattern.couldHaveElement(list, "mountPath", mount.mountPath())));
    }

    /** Whether a profile shares a directory at or below the mount, so that Pillion could have copied the mount from another container. */
    boolean shareBelow(VolumeMount mount) {
        return any(profile -> profile.sharedDirectories().stream().anyMatch(directory -> switch (directory.path()) {
            case Template.Constant(JsonNode path) -> mount.covers(path.asText());
            case Template other -> true;
        }));
    }

    boolean shareDirectories() {
        return any(profile -> !profile.sharedDirectories().isEmpty());
    }

    boolean defineVariable(String name) {
        return ofApp("env", list -> TemplatePattern.couldHaveElement(list, "name", name));
    }

    boolean defineVariableSource(JsonNode source) {
        return ofApp("envFrom", list -> List.of("configMapRef", "secretRef").stream()
                .filter(source::has)
                .anyMatch(kind -> TemplatePattern.couldHaveElement(
                        list, kind + ".name", source.path(kind).path("name").asText())));
    }

    boolean defineLabel(String name) {
        return ofPod("labels", map -> TemplatePattern.couldHaveField(map, name));
    }

    /** True for Pillion's own annotations too, which it writes for any profile. */
    boolean defineAnnotation(String name) {
        boolean own = name.startsWith(Annotations.FILE_PREFIX)
                || name.equals(Annotations.DEFAULT_CONTAINER)
                || name.equals(Annotations.SAFE_TO_EVICT);
        return own && !profiles.isEmpty() || ofPod("annotations", map -> TemplatePattern.couldHaveField(map, name));
    }

    boolean defineSecret(String name) {
        return ofPod("imagePullSecrets", list -> TemplatePattern.couldHaveElement(list, "name", name));
    }

    /** @param keyField the key of the list's elements; empty if any element can be the profile's */
    boolean definePodField(String field, String keyField, String key) {
        return ofPod(field, list -> keyField.isEmpty() || TemplatePattern.couldHaveElement(list, keyField, key));
    }

    boolean defineNodeLabel(String name) {
        return ofPod("nodeSelector", map -> TemplatePattern.couldHaveField(map, name));
    }

    private boolean ofApp(String field, Predicate<Template> defines) {
        return any(profile -> defines(profile.app(), field, defines));
    }

    private boolean ofPod(String field, Predicate<Template> defines) {
        return any(profile -> defines(profile.pod(), field, defines));
    }

    private static boolean defines(Map<String, Template> templates, String field, Predicate<Template> defines) {
        return templates.containsKey(field) && defines.test(templates.get(field));
    }

    private boolean any(Predicate<Profile> defines) {
        return profiles.stream().anyMatch(defines);
    }
}
