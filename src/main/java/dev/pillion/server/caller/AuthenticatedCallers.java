package dev.pillion.server.caller;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jboss.logging.Logger;

/** Accepts callers with one of the accepted credentials. Counts the others, and logs them at most once per minute. */
final class AuthenticatedCallers implements CallerAuthenticator {

    private static final Logger LOG = Logger.getLogger(AuthenticatedCallers.class);

    private static final Duration LOG_INTERVAL = Duration.ofMinutes(1);

    private static final String MISSING = "missing";

    private final List<CredentialCheck> checks;
    private final MeterRegistry meters;
    private final AtomicLong nextLogLine = new AtomicLong(System.nanoTime());
    private final LongAdder unlogged = new LongAdder();

    AuthenticatedCallers(List<CredentialCheck> checks, MeterRegistry meters) {
        this.checks = List.copyOf(checks);
        this.meters = meters;
        refusals(MISSING);
    }

    @Override
    public Optional<String> refusal(HttpServerRequest request) {
        List<String> missing = new ArrayList<>(0);
        Optional<CredentialCheck.Rejected> rejected = Optional.empty();
        for (CredentialCheck check : checks) {
            switch (check.check(request)) {
                case CredentialCheck.Accepted _ -> {
                    return Optional.empty();
                }
                case CredentialCheck.Missing(String expected) -> missing.add(expected);
                case CredentialCheck.Rejected found -> rejected = rejected.or(() -> Optional.of(found));
            }
        }
        String reason = rejected.map(CredentialCheck.Rejected::reason)
                .orElseGet(() -> "it presented no " + String.join(" and no ", missing));
        refusals(rejected.map(CredentialCheck.Rejected::cause).orElse(MISSING)).increment();
        log(request, reason);
        return Optional.of(
                "Pillion accepts reviews only from API servers that authenticate, and does not accept this caller: "
                        + reason + "; see docs/authentication.md");
    }

    @Override
    public Optional<String> missing() {
        return checks.stream().flatMap(check -> check.missing().stream()).findFirst();
    }

    /** There are only a few fixed reasons, so an unknown caller cannot create new series. */
    private Counter refusals(String reason) {
        return Counter.builder("pillion.unauthenticated.requests")
                .description("Requests that were refused because the client did not authenticate")
                .tag("reason", reason)
                .register(meters);
    }

    private void log(HttpServerRequest request, String reason) {
        long now = System.nanoTime();
        long next = nextLogLine.get();
        if (now - next < 0 || !nextLogLine.compareAndSet(next, now + LOG_INTERVAL.toNanos())) {
            unlogged.increment();
            return;
        }
        LOG.warnf(
                "refused a review from %s: %s%s",
                request.remoteAddress().hostAddress(), reason, others(unlogged.sumThenReset()));
    }

    private static String others(long count) {
        return count == 0 ? "" : " (and " + count + (count == 1 ? " other" : " others") + " since the last such line)";
    }
}
