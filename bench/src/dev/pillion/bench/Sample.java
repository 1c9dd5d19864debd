package dev.pillion.bench;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * The cost of one request to one server in one round.
 *
 * @param cpu the user and system time, in microseconds
 * @param perSecond the responses within a second, per second
 * @param p50 the median latency in milliseconds. The other percentiles have the same unit
 * @param allocated the allocated bytes
 * @param hits the share of the reviews that were answered from the cache
 */
record Sample(double cpu, double perSecond, double p50, double p99, double p999, double allocated, double hits) {

    static Sample median(List<Sample> samples) {
        return new Sample(
                median(samples, Sample::cpu),
                median(samples, Sample::perSecond),
                median(samples, Sample::p50),
                median(samples, Sample::p99),
                median(samples, Sample::p999),
                median(samples, Sample::allocated),
                median(samples, Sample::hits));
    }

    private static double median(List<Sample> samples, ToDoubleFunction<Sample> value) {
        double[] sorted = samples.stream().mapToDouble(value).toArray();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
