package dev.pillion.cli.live;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.injection.reason.Annotations;
import dev.pillion.injection.uninject.Uninjection.Change;
import java.util.Comparator;
import java.util.Optional;

/**
 * The managers of fields of an object ({@code metadata.managedFields}, Kubernetes' server-side apply). What webhooks change during a request belongs
 * to the manager of the request. So the creator of a Pod, who owns Pillion's status, is never named.
 */
public final class FieldManagers {

    private final JsonNode metadata;

    public FieldManagers(JsonNode metadata) {
        this.metadata = metadata;
    }

    /** The manager that last changed a part of an addition after the object was created; empty if no field shows it. */
    public Optional<String> of(Change change) {
        return metadata.path("managedFields")
                .valueStream()
                .filter(entry -> !ownsStatus(entry.path("fieldsV1")) && owns(entry.path("fieldsV1"), change))
                .max(Comparator.comparing(entry -> entry.path("time").asText()))
                .map(entry -> entry.path("manager").asText());
    }

    private static boolean ownsStatus(JsonNode fields) {
        return fields.path("f:metadata").path("f:annotations").has("f:" + Annotations.STATUS);
    }

    private static boolean owns(JsonNode fields, Change change) {
        int dot = change.owner().indexOf('.');
        String list = dot < 0 ? change.owner() : change.owner().substring(0, dot);
        String field = change.part().replaceFirst("\\..*", "");
        if (dot < 0) {
            JsonNode owner = list.equals("metadata") ? fields.path("f:metadata") : fields.path("f:spec");
            return owner.has("f:" + field);
        }
        String name = change.owner().substring(dot + 1);
        JsonNode container = fields.path("f:spec").path("f:" + list).path("k:{\"name\":\"" + name + "\"}");
        return container.has("f:" + field);
    }
}
