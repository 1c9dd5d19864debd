package dev.pillion.injection.render;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.catalog.ContainerTemplate;
import dev.pillion.injection.plan.RenderedProfile.Chosen;
import dev.pillion.injection.plan.RenderedProfile.Companion;

/**
 * A companion while its profile is rendered.
 *
 * @param element the index of the element that the container is repeated for; 0 if it is not repeated
 * @param index of the template in its profile
 */
record CompanionDraft(ContainerTemplate template, int element, int index, int order, ContainerTree container) {

    ObjectNode tree() {
        return container.tree();
    }

    String name() {
        return tree().path("name").asText();
    }

    Companion build(Chosen chosen) {
        return new Companion(chosen, template, element, index, order, tree());
    }
}
