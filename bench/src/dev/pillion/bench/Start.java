package dev.pillion.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Arrays;

/**
 * The times of one start, in milliseconds.
 *
 * @param firstAnswer from the start of the process to the first response with a patch
 * @param ready from the start of the process until it is ready
 * @param firstAfterReady the duration of the first review after that, on an open connection
 * @param later the median duration of the next hundred reviews
 */
record Start(double firstAnswer, double ready, double firstAfterReady, double later) {

    static Start of(Servers servers, Bodies bodies) throws Exception {
        long launch = System.nanoTime();
        try (Server server = servers.pillion("start");
                HttpClient client = Single.client()) {
            server.awaitPort();
            Single.post(client, server.port(), bodies, 0);
            double firstAnswer = since(launch);
            while (!isReady(client, server.port() + 1)) {
                Thread.sleep(5);
            }
            double ready = since(launch);
            double[] latencies = new double[101];
            for (int each = 0; each < latencies.length; each++) {
                long start = System.nanoTime();
                Single.post(client, server.port(), bodies, each + 1);
                latencies[each] = since(start);
            }
            double[] later = Arrays.copyOfRange(latencies, 1, latencies.length);
            Arrays.sort(later);
            return new Start(firstAnswer, ready, latencies[0], later[later.length / 2]);
        }
    }

    private static boolean isReady(HttpClient client, int port) throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/health/ready")).build();
        return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    }

    private static double since(long start) {
        return (System.nanoTime() - start) / 1e6;
    }
}
