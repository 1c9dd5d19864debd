package dev.pillion.injection.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.pillion.injection.plan.Plan;
import dev.pillion.injection.plan.Plan.PlannedProfile;
import dev.pillion.injection.plan.RenderedProfile;
import dev.pillion.injection.plan.RenderedProfile.Chosen;
import dev.pillion.injection.plan.RequestHash;
import dev.pillion.injection.plan.Status;
import dev.pillion.injection.reason.DeniedException;
import dev.pillion.injection.reason.Reason;
import dev.pillion.injection.reason.ReasonCode;
import dev.pillion.injection.render.RenderedPlan;
import dev.pillion.injection.render.SharedDirectories;
import dev.pillion.injection.settings.InjectionSettings;
import dev.pillion.patch.Patch;
import dev.pillion.pod.Container;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Adds what the profiles of a plan rendered to one Pod, and records a line for each addition. */
public final class Additions {

    private final PodEdit edit;
    private final List<Container> targets;
    private final boolean nativeSidecars;
    private final SharedDirectories directories;
    private final ReplacedVariables replaced;
    private final AdditionLines lines = new AdditionLines();
    private final AppAdditions apps;
    private final CompanionAdditions companions;
    private final SpecEdits spec;
    private final MetadataEdits metadata;
    private Status status = Status.empty();

    public Additions(PodEdit edit, RenderedPlan plan, InjectionSettings settings, ReplacedVariables replaced) {
        this.edit = edit;
        this.targets = plan.targets();
        this.nativeSidecars = settings.nativeSidecars();
        this.directories = plan.directories();
        this.replaced = replaced;
        this.apps = new AppAdditions(edit, directories, replaced, lines);
        this.companions = new CompanionAdditions(edit, nativeSidecars, lines);
        this.spec = new SpecEdits(edit);
        this.metadata = new MetadataEdits(edit);
    }

    /**
     * The patch; empty when the Pod already has everything.
     *
     * @param selected the app's containers that an annotation selects; empty for all
     */
    public Patch add(RenderedPlan plan, List<String> selected) throws DeniedException {
        List<RenderedProfile> rendered = plan.rendered();
        apps.add(rendered);
        List<RenderedProfile> complete = plan.inherit(apps::withAdditions).rendered();
        for (RenderedProfile each : rendered) {
            addVolumes(each);
        }
        companions.add(complete);
        for (RenderedProfile each : rendered) {
            addToPod(each);
        }
        addToSpec(rendered);
        if (companions.isAny()) {
            metadata.nameDefaultContainer();
        }
        status = metadata.finish(
                rendered.stream().map(each -> each.chosen().request()).toList(),
                injected(rendered, selected),
                spec.emptyDirs());
        return edit.build();
    }

    private static Map<String, Status.Given> injected(List<RenderedProfile> rendered, List<String> selected) {
        Map<String, Status.Given> profiles = new LinkedHashMap<>();
        rendered.forEach(each -> profiles.put(
                each.profile().name(),
                new Status.Given(
                        each.profile().generation(),
                        each.chosen().requestedBy().toString(),
                        RequestHash.of(each.profile(), each.parameters(), selected))));
        return profiles;
    }

    /** What Pillion has added to the Pod once the patch is applied. */
    public Status status() {
        return status;
    }

    /** Whether a companion that was present already would be rendered or placed differently now. */
    public boolean outOfDate() {
        return companions.outOfDate();
    }

    /** Whether an earlier addition would be rendered differently now; false where this is not compared. */
    public boolean rendersDifferently() {
        return edit.rendersDifferently();
    }

    /** The plan with what was added to the Pod, in the order in which profiles were requested. */
    public Plan plan(RenderedPlan rendered) {
        List<PlannedProfile> planned = new ArrayList<>();
        for (RenderedProfile each : rendered.rendered()) {
            planned.add(new PlannedProfile(
                    each.profile(),
                    each.chosen().requestedBy(),
                    each.parameters(),
                    each.companions().stream()
                            .map(companion -> new Plan.Companion(companion.name(), companion.template()))
                            .toList(),
                    lines.of(each.profile())));
        }
        return new Plan(
                planned,
                rendered.skipped(),
                targets.stream().map(Container::name).toList(),
                companions.startup(),
                List.copyOf(warnings(rendered)),
                List.of(),
                List.of());
    }

    private Set<Reason> warnings(RenderedPlan rendered) {
        Set<Reason> warnings = new LinkedHashSet<>(rendered.warnings());
        rendered.skipped().forEach(each -> warnings.add(each.reason()));
        warnings.addAll(directories.warnings());
        warnings.addAll(OutlivingSidecars.warnings(edit.pod(), rendered.rendered(), nativeSidecars));
        warnings.addAll(GuaranteedQos.lost(edit.pod(), rendered.rendered()));
        warnings.addAll(edit.warnings());
        warnings.addAll(replaced.warnings());
        return warnings;
    }

    private void addVolumes(RenderedProfile each) throws DeniedException {
        List<JsonNode> volumes = new ArrayList<>(each.volumes());
        each.shares().forEach(share -> directories.volumeFor(share).ifPresent(volumes::add));
        for (JsonNode volume : volumes) {
            if (spec.addVolume(each.chosen(), volume)) {
                lines.add(each.profile(), "volume " + volume.path("name").asText() + " (" + kind(volume) + ")");
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

    private void addToPod(RenderedProfile each) throws DeniedException {
        for (Map.Entry<String, String> file : each.files().entrySet()) {
            metadata.addFile(each.chosen(), file.getKey(), file.getValue(), companions.keepsAll(each.companions()));
        }
        for (var label :
                each.pod().getOrDefault("labels", MissingNode.getInstance()).properties()) {
            if (metadata.addLabel(
                    each.chosen(), label.getKey(), label.getValue().asText())) {
                lines.add(each.profile(), "label " + label.getKey());
            }
        }
        for (var annotation : each.pod()
                .getOrDefault("annotations", MissingNode.getInstance())
                .properties()) {
            if (metadata.addAnnotation(
                    each.chosen(), annotation.getKey(), annotation.getValue().asText())) {
                lines.add(each.profile(), "annotation " + annotation.getKey());
            }
        }
        for (JsonNode secret : each.pod().getOrDefault("imagePullSecrets", MissingNode.getInstance())) {
            if (spec.addSecret(secret)) {
                lines.add(
                        each.profile(),
                        "image pull secret " + secret.path("name").asText());
            }
        }
    }

    private void addToSpec(List<RenderedProfile> rendered) {
        new PodSpecEdits(edit).add(rendered, new PodSpecEdits.Outcomes() {
            @Override
            public void added(Chosen chosen, String addition) {
                lines.add(chosen.profile(), addition);
            }

            @Override
            public void kept(Chosen chosen, String sentence, boolean ofPod) {
                edit.keep(ReasonCode.POD_FIELD_CONFLICT, chosen.request().but(sentence));
            }
        });
    }
}
