package dev.pillion.injection;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.injection.Plan.ParameterValue;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * A hash of what a profile was rendered for: its parameters' values and the containers that were selected. The status records it, so that a later pass
 * can tell that something else is requested now. Eight hexadecimal digits; FNV-1a, since every injection computes it.
 */
final class RequestHash {

    private static final long BASIS = 0xcbf29ce484222325L;
    private static final long PRIME = 0x100000001b3L;

    private long hash = BASIS;

    private RequestHash() {}

    /** @param selected the containers that an annotation selects; empty for all */
    static String of(Map<String, ParameterValue> parameters, List<String> selected) {
        RequestHash request = new RequestHash();
        selected.forEach(request::add);
        parameters.forEach((name, parameter) -> {
            request.add(name);
            request.add(parameter.value());
        });
        return request.digits();
    }

    private void add(JsonNode value) {
        switch (value.getNodeType()) {
            case OBJECT ->
                value.properties().forEach(field -> {
                    add(field.getKey());
                    add(field.getValue());
                });
            case ARRAY -> value.forEach(this::add);
            case STRING, NUMBER, BOOLEAN, NULL, BINARY, POJO, MISSING -> add(value.asText());
        }
        end(value.getNodeType().ordinal());
    }

    private void add(String text) {
        for (int index = 0; index < text.length(); index++) {
            end(text.charAt(index));
        }
        end(0xffff);
    }

    private void end(int mark) {
        hash = (hash ^ mark) * PRIME;
    }

    private String digits() {
        int folded = (int) (hash ^ (hash >>> 32));
        return HexFormat.of().toHexDigits(folded);
    }
}
