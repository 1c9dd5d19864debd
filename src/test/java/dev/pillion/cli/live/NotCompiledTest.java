package dev.pillion.cli.live;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.catalog.compile.CatalogReader;
import dev.pillion.catalog.resource.CatalogResource;
import dev.pillion.catalog.resource.CatalogResource.Kind;
import dev.pillion.catalog.resource.ResourceCatalog;
import dev.pillion.cli.terminal.Colors;
import dev.pillion.yaml.YamlReader;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;

class NotCompiledTest {

    private final CatalogResource good = resource(Kind.PROFILE, "agent", "{description: Agent.}");
    private final CatalogResource broken = resource(Kind.PROFILE, "agent", "{description: Agent., sidecarz: []}");
    private final CatalogResource policy =
            resource(Kind.POLICY, "must", "{mode: Enforce, match: {}, profiles: [{name: agent}]}");

    @Test
    void isEmptyIfEveryResourceCompiles() {
        assertThat(NotCompiled.in(catalog(good, policy))).isEmpty();
    }

    @Test
    void hasEveryResourceThatDoesNotCompileAndItsVersionInForce() {
        assertThat(NotCompiled.in(catalog(broken, policy)))
                .extracting(NotCompiled::name, NotCompiled::inForce)
                .containsExactly(
                        Tuple.tuple("injectionprofile/agent", "nothing"),
                        Tuple.tuple("injectionpolicy/must", "nothing"));
        ResourceCatalog kept = catalog(good, policy).with(CatalogReader.builtIn(), List.of(broken, policy));
        assertThat(NotCompiled.in(kept))
                .extracting(NotCompiled::name, NotCompiled::inForce)
                .containsExactly(Tuple.tuple("injectionprofile/agent", "an earlier version"));
    }

    @Test
    void isPrintedAsATable() {
        StringWriter out = new StringWriter();

        NotCompiled.print(NotCompiled.in(catalog(broken, policy)), new PrintWriter(out, true), new Colors(false));

        assertThat(out.toString().lines().toList().getFirst()).matches("DOES NOT COMPILE +IN FORCE +PROBLEM");
        assertThat(out.toString())
                .contains("injectionprofile/agent  nothing   spec.sidecarz: unknown field 'sidecarz'")
                .contains("policy must enforces profile 'agent', which cannot be provided")
                .endsWith("\n\n");
    }

    @Test
    void hasAnObjectInJson() {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();

        NotCompiled.in(catalog(broken)).forEach(each -> each.addTo(list));

        assertThat(list.toString())
                .isEqualTo(
                        "[{\"kind\":\"not-compiled\",\"resource\":\"injectionprofile/agent\",\"inForce\":\"nothing\","
                                + "\"problems\":[\"spec.sidecarz: unknown field 'sidecarz'; did you mean 'sidecars'?\"]}]");
    }

    private static ResourceCatalog catalog(CatalogResource... resources) {
        return ResourceCatalog.over(CatalogReader.builtIn()).with(CatalogReader.builtIn(), List.of(resources));
    }

    private static CatalogResource resource(Kind kind, String name, String spec) {
        try {
            ObjectNode object = (ObjectNode) YamlReader.read("metadata: {name: " + name + ", generation: 1}")
                    .getFirst()
                    .tree();
            object.set("spec", YamlReader.read(spec).getFirst().tree());
            return CatalogResource.of(kind, object);
        } catch (Exception e) {
            throw new IllegalArgumentException(spec, e);
        }
    }
}
