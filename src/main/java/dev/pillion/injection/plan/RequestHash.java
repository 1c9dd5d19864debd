package dev.pillion.injection.plan;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.catalog.Profile;
import dev.pillion.expression.Template;
import dev.pillion.injection.plan.Plan.ParameterValue;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A hash of the request for a profile: the values of its parameters and the selected containers. The status records it, so that a later pass can
 * detect a changed request. It does not include defaults that are derived from the Pod, since another webhook can change the Pod between two passes.
 * It has eight hexadecimal digits. The algorithm is FNV-1a, which is fast, since every injection computes it.
 */
public final class RequestHash {

    private static final long BASIS = 0xcbf29ce484222325L;
    private static final long PRIME = 0x100000001b3L;

    private long hash = BASIS;

    private RequestHash() {}

    /** @param selected the containers that an annotation selects; empty for all */
    public static String of(Profile profile, Map<String, ParameterValue> parameters, List<String> selected) {
        RequestHash request = new RequestHash();
        selected.forEach(request::add);
        parameters.forEach((name, parameter) -> {
            if (!isDerived(profile, name, parameter)) {
                request.add(name);
                request.add(parameter.value());
            }
        });
        return request.digits();
    }

    private static boolean isDerived(Profile profile, String name, ParameterValue parameter) {
        return parameter.source() instanceof ParameterSource.Default
                && !(Objects.requireNonNull(profile.parameters().get(name))
                                .defaultValue()
                                .orElseThrow()
                        instanceof Template.Constant);
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
        end(mark(value));
    }

    /** Ends a value, so that {@code [1]} and {@code 1} have different hashes. The status contains the hashes, so a mark never changes. */
    private static int mark(JsonNode value) {
        return switch (value.getNodeType()) {
            case ARRAY -> 0;
            case BINARY -> 1;
            case BOOLEAN -> 2;
            case MISSING -> 3;
            case NULL -> 4;
            case NUMBER -> 5;
            case OBJECT -> 6;
            case POJO -> 7;
            case STRING -> 8;
        };
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
