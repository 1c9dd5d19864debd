package dev.pillion.bench;

/** The system properties that shorten or extend a run. bench/run lists them. */
final class Options {

    private Options() {}

    static int rounds() {
        return Integer.getInteger("bench.rounds", 5);
    }

    static double seconds(String name, double usual) {
        return Double.parseDouble(System.getProperty(name, Double.toString(usual)));
    }
}
