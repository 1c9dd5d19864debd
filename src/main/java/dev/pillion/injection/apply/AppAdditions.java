package dev.pillion.injection.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.pillion.injection.plan.AppendedText;
import dev.pillion.injection.plan.RenderedProfile;
import dev.pillion.injection.plan.RenderedProfile.Share;
import dev.pillion.injection.render.SharedDirectories;
import dev.pillion.pod.Container;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Adds the mounts, variables and sources of variables that profiles give the app's containers. */
final class AppAdditions {

    private final SharedDirectories directories;
    private final ReplacedVariables replaced;
    private final AdditionLines lines;
    private final AppEdits apps;
    private final VariableAppends appends;

    AppAdditions(PodEdit edit, SharedDirectories directories, ReplacedVariables replaced, AdditionLines lines) {
        this.directories = directories;
        this.replaced = replaced;
        this.lines = lines;
        this.apps = new AppEdits(edit);
        this.appends = new VariableAppends(edit, apps);
    }

    void add(List<RenderedProfile> rendered) {
        for (RenderedProfile each : rendered) {
            for (Container container : each.targets()) {
                addMounts(each, container);
                addVariables(each, container);
                addVariableSources(each, container);
            }
        }
        appends.apply((chosen, line) -> lines.add(chosen.profile(), line));
        apps.placeVariables();
    }

    /** A container of the app with everything that was added to it. */
    Container withAdditions(Container container) {
        return apps.withAdditions(container);
    }

    private void addMounts(RenderedProfile each, Container container) {
        List<JsonNode> mounts = new ArrayList<>();
        for (Share share : each.shares()) {
            directories.mountFor(container, share.path()).ifPresent(mounts::add);
        }
        each.app().getOrDefault("volumeMounts", MissingNode.getInstance()).forEach(mounts::add);
        for (JsonNode mount : mounts) {
            if (apps.addMount(each.chosen(), container, mount)) {
                lines.add(
                        each.profile(),
                        "mount " + mount.path("name").asText() + " at "
                                + mount.path("mountPath").asText() + " in " + container.name());
            }
        }
    }

    private void addVariables(RenderedProfile each, Container container) {
        if (!each.shares().isEmpty()) {
            for (JsonNode variable : directories.variablesFor(container)) {
                addVariable(each, container, variable);
            }
        }
        List<String> added = new ArrayList<>();
        for (JsonNode variable : each.app().getOrDefault("env", MissingNode.getInstance())) {
            if (addVariable(each, container, variable)) {
                added.add(variable.path("name").asText());
            }
        }
        replaced.check(each.chosen(), container, added);
    }

    /** Whether the variable was added. A text that is appended to a variable does not count. */
    private boolean addVariable(RenderedProfile each, Container container, JsonNode variable) {
        String name = variable.path("name").asText();
        Optional<AppendedText> text = AppendedText.of(variable);
        if (text.isPresent()) {
            appends.add(each.chosen(), container, name, text.get());
            return false;
        }
        boolean added = apps.addVariable(each.chosen(), container, variable);
        if (added) {
            lines.add(each.profile(), "env " + name + " in " + container.name());
        }
        return added;
    }

    private void addVariableSources(RenderedProfile each, Container container) {
        for (JsonNode source : each.app().getOrDefault("envFrom", MissingNode.getInstance())) {
            if (apps.addVariableSource(container, source)) {
                lines.add(each.profile(), "envFrom " + source + " in " + container.name());
            }
        }
    }
}
