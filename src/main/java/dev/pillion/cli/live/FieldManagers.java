package dev.pillion.cli.live;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.injection.apply.AddedParts;
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

    /** The manager that last changed a part of an addition after the object was created; empty if none is recorded. */
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
        String[] owner = change.owner().split("\\.", 2);
        String[] part = change.part().split("\\.", 2);
        JsonNode object = fields.path(owner[0].equals(AddedParts.METADATA) ? "f:metadata" : "f:spec");
        if (owner.length > 1) {
            object = element(object.path("f:" + owner[0]), "name", owner[1]);
        }
        if (part.length == 1) {
            return object.has("f:" + part[0]);
        }
        JsonNode list = object.path("f:" + part[0]);
        return owner[0].equals(AddedParts.METADATA)
                ? list.has("f:" + part[1])
                : !element(list, part[0].equals("volumeMounts") ? "mountPath" : "name", part[1])
                        .isMissingNode();
    }

    private static JsonNode element(JsonNode list, String key, String value) {
        return list.path("k:{\"" + key + "\":\"" + value + "\"}");
    }
}
