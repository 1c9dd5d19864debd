package dev.pillion.bench;

import java.util.Arrays;

/**
 * The times of one start, in milliseconds.
 *
 * @param firstAnswer from the start of the process to the first response with a patch
 * @param ready from the start of the process until it is ready
 * @param cpu the user and system time until then
 * @param firstAfterReady the duration of the first review after that, on an open connection
 * @param later the median duration of the next hundred reviews
 */
record Start(double firstAnswer, double ready, double cpu, double firstAfterReady, double later) {

    static Start of(Servers servers, Bodies bodies) throws Exception {
        long launch = System.nanoTime();
        try (Server server = servers.pillion("start");
                Webhook webhook = new Webhook(server.port())) {
            server.awaitPort();
            webhook.answer(bodies, 0);
            double firstAnswer = since(launch);
            while (!webhook.isReady(server.managementPort())) {
                Thread.sleep(5);
            }
            double ready = since(launch);
            double cpu = server.cpu() / 1_000;
            double[] latencies = new double[101];
            for (int each = 0; each < latencies.length; each++) {
                long start = System.nanoTime();
                webhook.answer(bodies, each + 1);
                latencies[each] = since(start);
            }
            double[] later = Arrays.copyOfRange(latencies, 1, latencies.length);
            Arrays.sort(later);
            return new Start(firstAnswer, ready, cpu, latencies[0], later[later.length / 2]);
        }
    }

    private static double since(long start) {
        return (System.nanoTime() - start) / 1e6;
    }
}
