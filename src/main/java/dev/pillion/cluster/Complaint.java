package dev.pillion.cluster;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Objects;
import org.jboss.logging.Logger;

/** Something that is tried again and again. Why it fails is logged when that changes, not at each attempt. */
final class Complaint {

    private final Logger log;
    private final String what;
    private String logged = "";

    /** @param what a sentence without its end, such as "the lease cannot be looked at" */
    Complaint(Logger log, String what) {
        this.log = log;
        this.what = what;
    }

    synchronized void because(String reason) {
        if (!reason.equals(logged)) {
            log.warnf("%s: %s", what, reason);
            logged = reason;
        }
    }

    synchronized void isOver() {
        if (!logged.isEmpty()) {
            log.infof("no longer: %s", what);
        }
        logged = "";
    }

    /** @param right what Pillion's ServiceAccount needs for it, such as "get and patch on leases" */
    static String reason(RuntimeException failure, String right) {
        if (failure instanceof KubernetesClientException answer && answer.getCode() > 0) {
            String message = answer.getStatus() == null
                    ? ""
                    : Objects.requireNonNullElse(answer.getStatus().getMessage(), "");
            return "the API server answered " + answer.getCode() + (message.isEmpty() ? "" : ": " + message)
                    + (answer.getCode() == 403 ? "; Pillion's ServiceAccount or user needs " + right : "");
        }
        return "the API server cannot be reached: " + Trouble.rootOf(failure);
    }
}
