package dev.pillion.injection.render;

import dev.pillion.injection.Trial;
import dev.pillion.injection.reason.Reason;
import dev.pillion.injection.reason.ReasonCode;

/** The results of mounts with {@code subPathExpr}. */
final class SubPathExpressions {

    private SubPathExpressions() {}

    static String ofFirstMount(Trial.Result result, String container) {
        return result.container(container).at("/volumeMounts/0/subPathExpr").asText();
    }

    /** The denial if container {@code web} uses the variable {@code NODE} in a mount and does not set it. */
    static Reason variableNotSet(String profile, String mountPath) {
        return new Reason(
                ReasonCode.DIRECTORY_NOT_SHAREABLE,
                "annotation pillion.dev/inject requests profile '" + profile + "', but container web mounts "
                        + mountPath
                        + " with subPathExpr $(NODE), and its env does not set NODE; set it there, or use subPath");
    }
}
