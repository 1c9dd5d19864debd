package dev.pillion.injection.apply;

import dev.pillion.catalog.ContainerTemplate.Inherited;
import dev.pillion.injection.plan.ParameterSource;
import dev.pillion.injection.plan.Plan.ParameterValue;
import dev.pillion.injection.plan.Plan.Phase;
import dev.pillion.injection.plan.Plan.Start;
import dev.pillion.injection.plan.RenderedProfile;
import dev.pillion.injection.plan.RenderedProfile.Companion;
import dev.pillion.injection.reason.Annotations;
import dev.pillion.injection.reason.DeniedException;
import dev.pillion.injection.reason.ReasonCode;
import dev.pillion.pod.Container;
import dev.pillion.pod.ContainerList;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Adds the companions' containers to both lists of the Pod, and records the order in which all containers start. */
final class CompanionAdditions {

    private final PodEdit edit;
    private final boolean nativeSidecars;
    private final AdditionLines lines;
    private final ContainerEdits containers;
    private final Set<String> ownNativeSidecars;
    private final List<Start> startup = new ArrayList<>();

    CompanionAdditions(PodEdit edit, boolean nativeSidecars, AdditionLines lines) {
        this.edit = edit;
        this.nativeSidecars = nativeSidecars;
        this.lines = lines;
        this.containers = new ContainerEdits(edit);
        this.ownNativeSidecars = edit.pod().initContainers().stream()
                .filter(Container::nativeSidecar)
                .map(Container::name)
                .collect(Collectors.toSet());
    }

    void add(List<RenderedProfile> rendered) throws DeniedException {
        for (ContainerList list : ContainerList.values()) {
            add(list, rendered);
        }
    }

    /** Whether a container was added. */
    boolean isAny() {
        return !containers.added().isEmpty();
    }

    /** Whether the Pod keeps all of these companions from an earlier pass. */
    boolean keepsAll(List<Companion> companions) {
        return companions.stream().noneMatch(companion -> containers.added().contains(companion.name()));
    }

    /** Whether a companion that was present already would be rendered or placed differently now. */
    boolean outOfDate() {
        return containers.outOfDate();
    }

    /** All containers of the Pod, in the order in which they start. */
    List<Start> startup() {
        return startup;
    }

    private void add(ContainerList list, List<RenderedProfile> rendered) throws DeniedException {
        List<Companion> ordered = rendered.stream()
                .flatMap(each -> each.companions().stream())
                .filter(companion -> companion.list(nativeSidecars) == list)
                .sorted(Companion.ORDER)
                .toList();
        List<String> names = containers.add(list, ordered);
        Map<String, Companion> companions = new HashMap<>();
        for (Companion companion : ordered) {
            companions.put(companion.name(), companion);
            if (containers.added().contains(companion.name())) {
                lines.add(companion.profile(), line(companion));
            }
        }
        if (list == ContainerList.INIT_CONTAINERS) {
            rendered.forEach(each -> warnOfLaterSidecars(each, names, companions.keySet()));
        }
        for (String name : names) {
            Optional<Companion> companion = Optional.ofNullable(companions.get(name));
            startup.add(new Start(
                    name,
                    phase(list, name, companion),
                    companion.map(found -> found.profile().name()).orElse("")));
        }
    }

    private String line(Companion companion) {
        String kind = !companion.template().isSidecar()
                ? "init container"
                : nativeSidecars ? "native sidecar" : "sidecar container";
        return kind + " " + companion.name() + " ("
                + companion.tree().path("image").asText() + ")";
    }

    /** An init container that runs the app's image probably needs the app's own sidecars, such as the proxy of a database. */
    private void warnOfLaterSidecars(RenderedProfile rendered, List<String> names, Set<String> companions) {
        @Nullable ParameterValue order = rendered.parameters().get("order");
        if (order == null || !(order.source() instanceof ParameterSource.Default)) {
            return;
        }
        for (Companion companion : rendered.companions()) {
            if (!companion.template().inherited().contains(Inherited.IMAGE)
                    || companion.template().isSidecar()) {
                continue;
            }
            names.stream()
                    .skip(names.indexOf(companion.name()) + 1L)
                    .filter(name -> ownNativeSidecars.contains(name)
                            && !companions.contains(name)
                            && !edit.earlier().initContainers().contains(name))
                    .findFirst()
                    .ifPresent(sidecar -> edit.keep(
                            ReasonCode.PROFILE_WARNING,
                            companion.chosen().request().but(startsTooEarly(companion, sidecar))));
        }
    }

    private static String startsTooEarly(Companion companion, String sidecar) {
        return "its container " + companion.name() + " runs before the Pod's sidecar " + sidecar
                + " starts; if it needs the sidecar, set annotation "
                + Annotations.parameter(companion.profile().name(), "order") + ": \"51\"";
    }

    private Phase phase(ContainerList list, String name, Optional<Companion> companion) {
        boolean sidecar =
                companion.map(found -> found.template().isSidecar()).orElseGet(() -> ownNativeSidecars.contains(name));
        return switch (list) {
            case INIT_CONTAINERS -> sidecar ? Phase.NATIVE_SIDECAR : Phase.INIT;
            case CONTAINERS -> Phase.APP;
        };
    }
}
