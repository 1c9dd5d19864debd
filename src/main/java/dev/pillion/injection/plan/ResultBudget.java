package dev.pillion.injection.plan;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.injection.reason.DeniedException;
import dev.pillion.injection.reason.ProfileRequest;
import dev.pillion.injection.reason.ReasonCode;
import dev.pillion.pod.ReviewLimits;

/** Counts the additions to one Pod, and denies the Pod before they exceed a limit. Not thread-safe. */
public final class ResultBudget {

    /** The bytes of a patch operation without its value, such as {@code {"op":"add","path":"/spec/containers/10/env/-","value":}}. */
    private static final int OPERATION = 60;

    private long containers;
    private long variables;
    private long mounts;
    private long bytes;

    public void addContainer(ProfileRequest request) throws DeniedException {
        containers++;
        check(containers, ReviewLimits.ADDED_CONTAINERS, "containers", request);
    }

    /** @param containers to which the variables are added */
    public void addVariables(JsonNode variables, int containers, ProfileRequest request) throws DeniedException {
        this.variables += (long) variables.size() * containers;
        check(
                this.variables,
                ReviewLimits.ADDED_VARIABLES,
                "environment variables in all containers together",
                request);
        addList(variables, containers, request);
    }

    /** @param containers to which the mounts are added */
    void addMounts(JsonNode mounts, int containers, ProfileRequest request) throws DeniedException {
        addMounts(mounts.size(), containers, request);
        addList(mounts, containers, request);
    }

    void addMounts(int mounts, int containers, ProfileRequest request) throws DeniedException {
        this.mounts += (long) mounts * containers;
        check(this.mounts, ReviewLimits.ADDED_MOUNTS, "volume mounts in all containers together", request);
    }

    /** @param times how often the elements are added */
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
                    "the Pod would then get more than " + limit + " " + what + ", which is the limit");
        }
    }

    /** The approximate size of a tree as JSON, in bytes. Trees are not deep: the depth of a Pod is bounded when it is read. */
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
