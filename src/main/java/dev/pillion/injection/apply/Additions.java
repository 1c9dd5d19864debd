package dev.pillion.injection.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.pillion.catalog.ContainerTemplate.Inherited;
import dev.pillion.catalog.Profile;
import dev.pillion.injection.plan.AppendedText;
import dev.pillion.injection.plan.ParameterSource;
import dev.pillion.injection.plan.Plan;
import dev.pillion.injection.plan.Plan.ParameterValue;
import dev.pillion.injection.plan.Plan.Phase;
import dev.pillion.injection.plan.Plan.PlannedProfile;
import dev.pillion.injection.plan.Plan.Start;
import dev.pillion.injection.plan.RenderedProfile;
import dev.pillion.injection.plan.RenderedProfile.Chosen;
import dev.pillion.injection.plan.RenderedProfile.Companion;
import dev.pillion.injection.plan.RenderedProfile.Share;
import dev.pillion.injection.plan.RequestHash;
import dev.pillion.injection.plan.Status;
import dev.pillion.injection.reason.Annotations;
import dev.pillion.injection.reason.DeniedException;
import dev.pillion.injection.reason.Reason;
import dev.pillion.injection.reason.ReasonCode;
import dev.pillion.injection.render.RenderedPlan;
import dev.pillion.injection.render.SharedDirectories;
import dev.pillion.injection.settings.InjectionSettings;
import dev.pillion.patch.Patch;
import dev.pillion.pod.Container;
import dev.pillion.pod.ContainerList;
import dev.pillion.pod.Pod;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Adds what several profiles rendered to one Pod, and says a line for each addition. */
public final class Additions {

    private final Pod pod;
    private final List<Container> targets;
    private final boolean nativeSidecars;
    private final SharedDirectories directories;
    private final PodEdit edit;
    private final AppEdits apps;
    private final VariableAppends appends;
    private final ContainerEdits containers;
    private final SpecEdits spec;
    private final MetadataEdits metadata;
    private final ReplacedVariables replaced;
    /** By profile. */
    private final Map<String, List<String>> lines = new HashMap<>();

    private final List<Start> startup = new ArrayList<>();
    private final Set<String> ownNativeSidecars = new HashSet<>();

    public Additions(PodEdit edit, List<Container> targets, InjectionSettings settings, ReplacedVariables replaced) {
        this.replaced = replaced;
        this.edit = edit;
        this.pod = edit.pod();
        this.targets = targets;
        this.nativeSidecars = settings.nativeSidecars();
        this.directories = new SharedDirectories(pod, edit.earlier());
        for (Container container : pod.initContainers()) {
            if (container.nativeSidecar()) {
                ownNativeSidecars.add(container.name());
            }
        }
        this.apps = new AppEdits(edit);
        this.appends = new VariableAppends(edit, apps);
        this.containers = new ContainerEdits(edit);
        this.spec = new SpecEdits(edit);
        this.metadata = new MetadataEdits(edit);
    }

    /**
     * The patch; empty when all is there already.
     *
     * @param selected the app's containers that an annotation selects; empty for all
     */
    public Patch add(RenderedPlan prepared, List<String> selected) throws DeniedException {
        List<RenderedProfile> all = prepared.rendered();
        directories.settle(all.stream().flatMap(each -> each.shares().stream()).toList());
        for (RenderedProfile each : all) {
            addToApps(each);
        }
        appends.apply((chosen, line) -> say(chosen.profile(), line));
        apps.placeVariables();
        prepared.inherit(apps::withAdditions);
        for (RenderedProfile each : all) {
            addVolumes(each);
        }
        for (ContainerList list : ContainerList.values()) {
            addContainers(list, all);
        }
        for (RenderedProfile each : all) {
            addToPod(each);
        }
        new PodSpecEdits(edit).add(all, new PodSpecEdits.Outcomes() {
            @Override
            public void added(Chosen chosen, String addition) {
                say(chosen.profile(), addition);
            }

            @Override
            public void kept(Chosen chosen, String what, boolean ofPod) {
                edit.keep(ReasonCode.POD_FIELD_CONFLICT, chosen.request().but(what));
            }
        });
        Map<String, Status.Given> given = new LinkedHashMap<>();
        all.forEach(each -> given.put(
                each.profile().name(),
                new Status.Given(
                        each.profile().generation(),
                        each.chosen().requestedBy().toString(),
                        RequestHash.of(each.profile(), each.parameters(), selected))));
        if (!containers.added().isEmpty()) {
            metadata.nameDefaultContainer();
        }
        metadata.finish(all.stream().map(each -> each.chosen().request()).toList(), given, spec.emptyDirs());
        return edit.build();
    }

    /** What is Pillion's in the Pod, once the patch is applied. */
    public Status listed() {
        return edit.status().build();
    }

    /** Whether a companion that was there already would be rendered otherwise now, or stand elsewhere. */
    public boolean outOfDate() {
        return containers.outOfDate();
    }

    /** Whether something that an earlier pass added would be added otherwise now; false where that is not compared. */
    public boolean rendersOtherwise() {
        return edit.rendersOtherwise();
    }

    /** What was done, and what was there already. */
    public Plan plan(RenderedPlan prepared) {
        List<PlannedProfile> planned = new ArrayList<>();
        for (RenderedProfile each : prepared.rendered()) {
            planned.add(new PlannedProfile(
                    each.profile(),
                    each.chosen().requestedBy(),
                    each.parameters(),
                    each.companions().stream()
                            .map(companion -> new Plan.Companion(companion.name(), companion.template()))
                            .toList(),
                    lines.getOrDefault(each.profile().name(), List.of())));
        }
        List<Reason> warnings = new ArrayList<>(prepared.warnings());
        prepared.skipped().forEach(each -> warnings.add(each.reason()));
        warnings.addAll(directories.warnings());
        warnings.addAll(outliving(prepared.rendered()));
        warnings.addAll(GuaranteedQos.lost(pod, prepared.rendered()));
        warnings.addAll(edit.warnings());
        warnings.addAll(replaced.warnings());
        return new Plan(
                planned,
                prepared.skipped(),
                targets.stream().map(Container::name).toList(),
                startup,
                List.copyOf(new LinkedHashSet<>(warnings)),
                List.of(),
                List.of());
    }

    /** A plain sidecar does not end when the app has ended, and so the Pod of a Job never does. */
    private List<Reason> outliving(List<RenderedProfile> all) {
        boolean ends =
                List.of("Never", "OnFailure").contains(pod.spec("restartPolicy").asText());
        if (nativeSidecars || !ends) {
            return List.of();
        }
        return all.stream()
                .flatMap(each -> each.companions().stream())
                .filter(companion -> companion.template().isSidecar())
                .map(companion -> new Reason(
                        ReasonCode.SIDECAR_OUTLIVES_APP,
                        companion
                                .chosen()
                                .request()
                                .but("its sidecar " + companion.name()
                                        + " runs on after the app has ended, so the Pod does not complete;"
                                        + " native sidecars (Kubernetes 1.29) do")))
                .toList();
    }

    private void addToApps(RenderedProfile each) {
        for (Container container : each.targets()) {
            List<JsonNode> mounts = new ArrayList<>();
            for (Share share : each.shares()) {
                directories.mountFor(container, share.path()).ifPresent(mounts::add);
            }
            each.app().getOrDefault("volumeMounts", MissingNode.getInstance()).forEach(mounts::add);
            for (JsonNode mount : mounts) {
                if (apps.addMount(each.chosen(), container, mount)) {
                    say(
                            each.profile(),
                            "mount " + mount.path("name").asText() + " at "
                                    + mount.path("mountPath").asText() + " in " + container.name());
                }
            }
            if (!each.shares().isEmpty()) {
                for (JsonNode variable : directories.variablesFor(container)) {
                    addVariable(each, container, variable);
                }
            }
            List<String> given = new ArrayList<>();
            for (JsonNode variable : each.app().getOrDefault("env", MissingNode.getInstance())) {
                if (addVariable(each, container, variable)) {
                    given.add(variable.path("name").asText());
                }
            }
            replaced.check(each.chosen(), container, given);
            for (JsonNode source : each.app().getOrDefault("envFrom", MissingNode.getInstance())) {
                if (apps.addVariableSource(container, source)) {
                    say(each.profile(), "envFrom " + source + " in " + container.name());
                }
            }
        }
    }

    /** Whether it had to be added; what is appended to a variable is not. */
    private boolean addVariable(RenderedProfile each, Container container, JsonNode variable) {
        Optional<AppendedText> text = AppendedText.of(variable);
        if (text.isPresent()) {
            appends.add(each.chosen(), container, variable.path("name").asText(), text.get());
            return false;
        }
        boolean added = apps.addVariable(each.chosen(), container, variable);
        if (added) {
            say(each.profile(), "env " + variable.path("name").asText() + " in " + container.name());
        }
        return added;
    }

    private void addVolumes(RenderedProfile each) throws DeniedException {
        List<JsonNode> volumes = new ArrayList<>(each.volumes());
        each.shares().forEach(share -> directories.volumeFor(share.path()).ifPresent(volumes::add));
        for (JsonNode volume : volumes) {
            if (spec.addVolume(each.chosen(), volume)) {
                say(each.profile(), "volume " + volume.path("name").asText() + " (" + kind(volume) + ")");
            }
        }
    }

    private static String kind(JsonNode volume) {
        for (Map.Entry<String, JsonNode> field : volume.properties()) {
            if (!field.getKey().equals("name")) {
                return field.getKey();
            }
        }
        return "emptyDir";
    }

    private void addContainers(ContainerList list, List<RenderedProfile> all) throws DeniedException {
        List<Companion> wanted = new ArrayList<>();
        for (RenderedProfile each : all) {
            for (Companion companion : each.companions()) {
                if (companion.list(nativeSidecars) == list) {
                    wanted.add(companion);
                }
            }
        }
        wanted.sort(Companion.ORDER);
        List<String> names = containers.add(list, wanted);
        Map<String, Companion> companions = new HashMap<>();
        for (Companion companion : wanted) {
            companions.put(companion.name(), companion);
            if (containers.added().contains(companion.name())) {
                say(companion.profile(), added(companion));
            }
        }
        if (list == ContainerList.INIT_CONTAINERS) {
            all.forEach(each -> warnOfLaterSidecars(each, names, companions.keySet()));
        }
        for (String name : names) {
            Optional<Companion> companion = Optional.ofNullable(companions.get(name));
            startup.add(new Start(
                    name,
                    phase(list, name, companion),
                    companion.map(found -> found.profile().name()).orElse("")));
        }
    }

    /** What runs the app's own image is likely to need what the app needs, such as the proxy of a database. */
    private void warnOfLaterSidecars(RenderedProfile rendered, List<String> names, Set<String> companions) {
        @Nullable ParameterValue order = rendered.parameters().get("order");
        if (order == null || !(order.source() instanceof ParameterSource.Default)) {
            return;
        }
        for (Companion companion : rendered.companions()) {
            boolean runsApp = companion.template().inherited().contains(Inherited.IMAGE);
            names.stream()
                    .skip(names.indexOf(companion.name()) + 1L)
                    .filter(name -> runsApp
                            && !companion.template().isSidecar()
                            && ownNativeSidecars.contains(name)
                            && !companions.contains(name)
                            && !edit.earlier().initContainers().contains(name))
                    .findFirst()
                    .ifPresent(name -> edit.keep(
                            ReasonCode.PROFILE_WARNING,
                            companion
                                    .chosen()
                                    .request()
                                    .but("its container " + companion.name() + " runs before the Pod's sidecar " + name
                                            + " starts; if it needs the sidecar, set annotation "
                                            + Annotations.parameter(
                                                    rendered.profile().name(), "order") + ": \"51\"")));
        }
    }

    private String added(Companion companion) {
        String kind = !companion.template().isSidecar()
                ? "init container"
                : nativeSidecars ? "native sidecar" : "sidecar container";
        return kind + " " + companion.name() + " ("
                + companion.tree().path("image").asText() + ")";
    }

    private Phase phase(ContainerList list, String name, Optional<Companion> companion) {
        boolean sidecar =
                companion.map(found -> found.template().isSidecar()).orElseGet(() -> ownNativeSidecars.contains(name));
        return switch (list) {
            case INIT_CONTAINERS -> sidecar ? Phase.NATIVE_SIDECAR : Phase.INIT;
            case CONTAINERS -> Phase.APP;
        };
    }

    private void addToPod(RenderedProfile each) throws DeniedException {
        for (Map.Entry<String, String> file : each.files().entrySet()) {
            metadata.addFile(each.chosen(), file.getKey(), file.getValue());
        }
        for (var label :
                each.pod().getOrDefault("labels", MissingNode.getInstance()).properties()) {
            if (metadata.addLabel(
                    each.chosen(), label.getKey(), label.getValue().asText())) {
                say(each.profile(), "label " + label.getKey());
            }
        }
        for (var annotation : each.pod()
                .getOrDefault("annotations", MissingNode.getInstance())
                .properties()) {
            if (metadata.addAnnotation(
                    each.chosen(), annotation.getKey(), annotation.getValue().asText())) {
                say(each.profile(), "annotation " + annotation.getKey());
            }
        }
        for (JsonNode secret : each.pod().getOrDefault("imagePullSecrets", MissingNode.getInstance())) {
            if (spec.addSecret(secret)) {
                say(each.profile(), "image pull secret " + secret.path("name").asText());
            }
        }
    }

    private void say(Profile profile, String line) {
        lines.computeIfAbsent(profile.name(), key -> new ArrayList<>()).add(line);
    }
}
