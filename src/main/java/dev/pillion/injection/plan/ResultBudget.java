package dev.pillion.injection.plan;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.injection.reason.DeniedException;
import dev.pillion.injection.reason.ProfileRequest;
import dev.pillion.injection.reason.ReasonCode;
import dev.pillion.pod.ReviewLimits;

/** Counts what one Pod is to get before it is made, and denies the Pod when that exceeds a limit. Not thread-safe. */
public final class ResultBudget {

    /** What an operation of the patch takes beside its value, as {@code {"op":"add","path":"/spec/containers/10/env/-","value":}}. */
    private static final int OPERATION = 60;

    private long containers;
    private long variables;
    private long mounts;
    private long bytes;

    public void addContainer(ProfileRequest request) throws DeniedException {
        containers++;
        check(containers, ReviewLimits.ADDED_CONTAINERS, "containers", request);
    }

    /** Variables that are added to so many containers. */
    public void addVariables(JsonNode variables, int containers, ProfileRequest request) throws DeniedException {
        this.variables += (long) variables.size() * containers;
        check(
                this.variables,
                ReviewLimits.ADDED_VARIABLES,
                "environment variables in all containers together",
                request);
        addList(variables, containers, request);
    }

    /** Mounts that are added to so many containers. */
    void addMounts(JsonNode mounts, int containers, ProfileRequest request) throws DeniedException {
        addMounts(mounts.size(), containers, request);
        addList(mounts, containers, request);
    }

    void addMounts(int mounts, int containers, ProfileRequest request) throws DeniedException {
        this.mounts += (long) mounts * containers;
        check(this.mounts, ReviewLimits.ADDED_MOUNTS, "volume mounts in all containers together", request);
    }

    /** Elements that are added to so many containers, or once to the Pod. */
    void addList(JsonNode list, int times, ProfileRequest request) throws DeniedException {
        bytes += (size(list) + (long) OPERATION * list.size()) * times;
        checkBytes(request);
    }

    public void add(JsonNode tree, ProfileRequest request) throws DeniedException {
        bytes += size(tree);
        checkBytes(request);
    }

    public void addText(String text, ProfileRequest request) throws DeniedException {
        bytes += text.length();
        checkBytes(request);
    }

    private void checkBytes(ProfileRequest request) throws DeniedException {
        check(bytes, ReviewLimits.ADDED_BYTES, "bytes", request);
    }

    private static void check(long count, int limit, String what, ProfileRequest request) throws DeniedException {
        if (count > limit) {
            throw DeniedException.of(
                    request,
                    ReasonCode.TOO_LARGE,
                    "with that the Pod would get more than " + limit + " " + what + ", which is the limit");
        }
    }

    /** About as many bytes as the tree has as JSON. Trees are not deep here: what a Pod brings is bounded when it is read. */
    static long size(JsonNode tree) {
        return switch (tree.getNodeType()) {
            case STRING -> tree.textValue().length() + 3L;
            case OBJECT -> {
                long size = 2;
                for (var field : tree.properties()) {
                    size += field.getKey().length() + 4 + size(field.getValue());
                }
                yield size;
            }
            case ARRAY -> {
                long size = 2;
                for (JsonNode element : tree) {
                    size += size(element);
                }
                yield size;
            }
            case NUMBER, BOOLEAN, NULL, BINARY, POJO, MISSING -> 8;
        };
    }
}
