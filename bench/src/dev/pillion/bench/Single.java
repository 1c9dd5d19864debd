package dev.pillion.bench;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import javax.net.ssl.SSLContext;

/** A client that sends one request at a time. */
final class Single {

    private Single() {}

    static HttpClient client() throws GeneralSecurityException {
        SSLContext trusting = SSLContext.getInstance("TLS");
        trusting.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
        return HttpClient.newBuilder().sslContext(trusting).version(HttpClient.Version.HTTP_1_1).build();
    }

    static String post(int port, Bodies bodies) throws IOException, InterruptedException, GeneralSecurityException {
        try (HttpClient client = client()) {
            return post(client, port, bodies, 0);
        }
    }

    static String post(HttpClient client, int port, Bodies bodies, int number) throws IOException, InterruptedException {
        ByteBuf body = Unpooled.buffer(bodies.length());
        bodies.write(number, body);
        HttpRequest request = HttpRequest.newBuilder(URI.create("https://localhost:" + port + bodies.path()))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body.array(), 0, body.readableBytes()))
                .build();
        HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new IOException("answered with " + response.statusCode() + ": " + response.body());
        }
        return response.body();
    }
}
