package dev.pillion.cli.live;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.injection.uninject.Uninjection.Change;
import java.util.Optional;

/**
 * The managers of fields of an object ({@code metadata.managedFields}, Kubernetes' server-side apply). What webhooks change during a request belongs
 * to the manager of the request, so the creator of a Pod is never named.
 */
public final class FieldManagers {

    private final JsonNode metadata;

    public FieldManagers(JsonNode metadata) {
        this.metadata = metadata;
    }

    /** The manager that last changed a part of an addition after the object was created; empty if no field shows it. */
    public Optional<String> of(Change change) {
        String created = metadata.path("creationTimestamp").asText();
        Optional<String> manager = Optional.empty();
        String latest = created;
        for (JsonNode entry : metadata.path("managedFields")) {
            String time = entry.path("time").asText();
            if (time.compareTo(latest) > 0 && owns(entry.path("fieldsV1"), change)) {
                latest = time;
                manager = Optional.of(entry.path("manager").asText());
            }
        }
        return manager;
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
