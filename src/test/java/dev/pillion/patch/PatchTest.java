package dev.pillion.patch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PatchTest {

    @Test
    void isWrittenAsInRfc6902() {
        // given
        Patch patch = new Patch(List.of(
                new Patch.Add(Pointer.of("metadata", "annotations", "a/b~c"), TextNode.valueOf("x")),
                new Patch.Add(Pointer.of("spec", "volumes", "-"), IntNode.valueOf(1))));

        // then
        assertThat(patch.toJson()).hasToString("""
                [{"op":"add","path":"/metadata/annotations/a~1b~0c","value":"x"},\
                {"op":"add","path":"/spec/volumes/-","value":1}]""");
    }

    @Test
    void appliesInsideAnotherDocument() {
        // given
        Patch patch = new Patch(List.of(new Patch.Add(Pointer.of("spec"), IntNode.valueOf(1))));

        // then
        assertThat(patch.below(Pointer.of("spec", "template")).operations())
                .containsExactly(new Patch.Add(Pointer.of("spec", "template", "spec"), IntNode.valueOf(1)));
        assertThat(patch.below(Pointer.root())).isEqualTo(patch);
    }

    @Test
    void doesNotChangeWithTheListItWasMadeFrom() {
        // given
        List<Patch.Operation> operations = new ArrayList<>();
        Patch patch = new Patch(operations);

        // when
        operations.add(new Patch.Add(Pointer.of("spec"), IntNode.valueOf(1)));

        // then
        assertThat(patch.isEmpty()).isTrue();
    }
}
