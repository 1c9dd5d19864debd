package dev.pillion.bench;

import java.util.List;

/**
 * What one workload cost: medians over the rounds.
 *
 * @param bytes of one body
 * @param ratio of Pillion's CPU to the ceiling's, each with the other of the same round; likewise the lowest and the highest of a round
 */
record Measured(int bytes, Sample ceiling, Sample pillion, double ratio, double lowest, double highest) {

    /** @param rounds in each the ceiling's sample and Pillion's */
    static Measured of(int bytes, List<List<Sample>> rounds) {
        double[] ratios = rounds.stream()
                .mapToDouble(round -> round.getLast().cpu() / round.getFirst().cpu())
                .sorted()
                .toArray();
        return new Measured(
                bytes,
                Sample.median(rounds.stream().map(List::getFirst).toList()),
                Sample.median(rounds.stream().map(List::getLast).toList()),
                ratios[ratios.length / 2],
                ratios[0],
                ratios[ratios.length - 1]);
    }

    /** Microseconds of CPU that Pillion spends for each KiB. */
    double perKilobyte() {
        return pillion.cpu() / (bytes / 1024.0);
    }
}
