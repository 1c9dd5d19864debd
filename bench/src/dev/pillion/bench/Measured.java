package dev.pillion.bench;

import java.util.List;

/**
 * The cost of one workload: medians over the rounds.
 *
 * @param bytes the size of one body
 * @param ratio the ratio of Pillion's CPU to the ceiling's in the same round. The next two are the lowest and the highest ratio of a round
 */
record Measured(int bytes, Sample ceiling, Sample pillion, double ratio, double lowest, double highest) {

    /** @param rounds the sample of the ceiling and the sample of Pillion in each round */
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

    /** Microseconds of Pillion's CPU per KiB. */
    double perKilobyte() {
        return pillion.cpu() / (bytes / 1024.0);
    }
}
