package dev.pillion.bench;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/**
 * The requests of one workload: a sequence that is repeated, each time with other Pods.
 *
 * @param pods the number of Pods in the sequence
 */
record Bodies(List<Step> steps, int pods) {

    /** @param pod the number of the Pod in the sequence */
    record Step(Template template, int pod) {}

    /** One request for each Pod. */
    static Bodies of(Review... reviews) {
        List<Step> steps = new ArrayList<>();
        for (Review review : reviews) {
            steps.add(new Step(Template.of(review), steps.size()));
        }
        return new Bodies(steps, reviews.length);
    }

    /** The average number of bytes of a body. */
    int length() {
        return (int) steps.stream()
                .mapToInt(step -> step.template().bodyLength())
                .average()
                .orElseThrow();
    }

    int requestLength(int number) {
        return step(number).template().request().length;
    }

    /** Writes the request with this number. */
    void write(int number, ByteBuf out) {
        Step step = step(number);
        step.template().write(number, pod(number, step), out);
    }

    private Step step(int number) {
        return steps.get(number % steps.size());
    }

    private long pod(int number, Step step) {
        return (long) (number / steps.size()) * pods + step.pod();
    }
}
