package dev.pillion.yaml.splice;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.yaml.splice.SourceNode.Child;
import java.util.Optional;

/** One child of a collection that changes, in the order of the result. */
sealed interface Step {

    /** A child that stays. Its value can change. */
    record Kept(Child child) implements Step {}

    record Removed(Child child) implements Step {}

    /**
     * @param key in a mapping; ignored in a sequence
     * @param note the original, if it is necessary for removing the addition
     */
    record Added(String key, JsonNode value, Optional<String> note) implements Step {}
}
