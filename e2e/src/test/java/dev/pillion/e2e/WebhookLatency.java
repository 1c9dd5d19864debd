package dev.pillion.e2e;

import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The API server's own metrics of its calls to one webhook.
 *
 * @param buckets the number of calls by the longest duration in seconds, as in a Prometheus histogram
 * @param seconds the duration of all calls together
 * @param failures calls without a valid response
 */
record WebhookLatency(TreeMap<Double, Double> buckets, double seconds, long failures) {

    private static final String DURATION = "apiserver_admission_webhook_admission_duration_seconds";
    private static final Pattern BUCKET = Pattern.compile("le=\"([^\"]+)\"");

    /** @param webhook its name in the webhook configuration */
    static WebhookLatency of(Sandbox sandbox, String webhook) {
        String metrics = sandbox.kubectl("get", "--raw=/metrics").orFail();
        Predicate<String> ofWebhook = labels -> labels.contains("name=\"" + webhook + "\"");
        TreeMap<Double, Double> buckets = new TreeMap<>();
        samples(metrics, DURATION + "_bucket", ofWebhook)
                .forEach(sample -> buckets.merge(limit(sample.group(1)), value(sample), Double::sum));
        return new WebhookLatency(buckets, sum(metrics, DURATION + "_sum", ofWebhook), (long)
                (sum(metrics, "apiserver_admission_webhook_fail_open_count", ofWebhook)
                        + sum(
                                metrics,
                                "apiserver_admission_webhook_rejection_count",
                                ofWebhook.and(labels -> labels.contains("error_type=\"calling_webhook_error\"")))));
    }

    private static double limit(String labels) {
        return BUCKET.matcher(labels)
                .results()
                .map(found -> found.group(1))
                .mapToDouble(limit -> limit.equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(limit))
                .findFirst()
                .orElseThrow();
    }

    private static double sum(String metrics, String name, Predicate<String> labels) {
        return samples(metrics, name, labels).mapToDouble(WebhookLatency::value).sum();
    }

    private static Stream<MatchResult> samples(String metrics, String name, Predicate<String> labels) {
        return Pattern.compile("(?m)^" + name + "\\{(.*)} (\\S+)$")
                .matcher(metrics)
                .results()
                .filter(sample -> labels.test(sample.group(1)));
    }

    private static double value(MatchResult sample) {
        return Double.parseDouble(sample.group(2));
    }

    WebhookLatency since(WebhookLatency earlier) {
        TreeMap<Double, Double> more = new TreeMap<>();
        buckets.forEach((limit, count) -> more.put(limit, count - earlier.buckets.getOrDefault(limit, 0.0)));
        return new WebhookLatency(more, seconds - earlier.seconds, failures - earlier.failures);
    }

    long calls() {
        return buckets.isEmpty() ? 0 : Math.round(buckets.lastEntry().getValue());
    }

    /** An upper limit for this share of the calls in milliseconds, interpolated within a bucket as Prometheus does. */
    double milliseconds(double share) {
        double wanted = share * calls();
        double from = 0;
        double before = 0;
        for (var bucket : buckets.entrySet()) {
            if (bucket.getValue() >= wanted) {
                double part = (wanted - before) / Math.max(1, bucket.getValue() - before);
                return 1000 * (from + part * (bucket.getKey() - from));
            }
            from = bucket.getKey();
            before = bucket.getValue();
        }
        return Double.POSITIVE_INFINITY;
    }

    @Override
    public String toString() {
        return "%d calls: mean %.1f ms, p50 %.1f ms, p99 %.1f ms, %d failed"
                .formatted(calls(), 1000 * seconds / calls(), milliseconds(0.5), milliseconds(0.99), failures);
    }
}
