package dev.pillion.cluster;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Objects;
import org.jboss.logging.Logger;

/** Logs the failures of a task that is repeated: one line when the cause changes and one when the task works again, not one for each attempt. */
public final class LogOnChange {

    private final Logger log;
    private final String what;
    private String logged = "";

    /** @param what a clause such as "the lease cannot be read" */
    public LogOnChange(Logger log, String what) {
        this.log = log;
        this.what = what;
    }

    /** An expected failure. */
    public synchronized void failed(String reason) {
        if (!reason.equals(logged)) {
            log.warnf("%s: %s", what, reason);
            logged = reason;
        }
    }

    /**
     * An unexpected failure, logged with its stack trace. Two failures with the same class and place count as the same cause, since a message
     * may contain a time or a counter.
     */
    public synchronized void failed(Throwable failure) {
        StackTraceElement[] trace = failure.getStackTrace();
        String cause = failure.getClass().getName() + (trace.length == 0 ? "" : " at " + trace[0]);
        if (!cause.equals(logged)) {
            log.errorf(failure, "%s: internal error; will retry", what);
            logged = cause;
        }
    }

    public synchronized void recovered() {
        if (!logged.isEmpty()) {
            log.infof("resolved: %s", what);
        }
        logged = "";
    }

    /** @param right that Pillion's ServiceAccount needs for the request, such as "get and patch on leases" */
    public static String reason(RuntimeException failure, String right) {
        if (failure instanceof KubernetesClientException answer && answer.getCode() > 0) {
            String message = answer.getStatus() == null
                    ? ""
                    : Objects.requireNonNullElse(answer.getStatus().getMessage(), "");
            return "the API server answered " + answer.getCode() + (message.isEmpty() ? "" : ": " + message)
                    + (answer.getCode() == 403 ? "; Pillion's ServiceAccount or user needs " + right : "");
        }
        return "the API server cannot be reached: " + WatchHealth.rootOf(failure);
    }
}
