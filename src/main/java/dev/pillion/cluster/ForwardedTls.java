package dev.pillion.cluster;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.LocalPortForward;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** Reads the certificate that a Pod presents, by a forwarded port as of {@code kubectl port-forward}. Sends no request to the Pod. */
record ForwardedTls(KubernetesClient client) {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    List<X509Certificate> certificates(String namespace, String pod, int port) throws UnreachableClusterException {
        String target = "port " + port + " of Pod " + namespace + "/" + pod;
        try (LocalPortForward forward = client.pods()
                .inNamespace(namespace)
                .withName(pod)
                .portForward(port, InetAddress.getLoopbackAddress(), 0)) {
            return presented(forward);
        } catch (IOException | GeneralSecurityException | KubernetesClientException e) {
            throw new UnreachableClusterException(
                    target + " cannot be reached by the API server's port forwarding: " + WatchHealth.rootOf(e));
        }
    }

    private static List<X509Certificate> presented(LocalPortForward forward)
            throws IOException, GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new AcceptAll()}, null);
        try (Socket plain = new Socket(forward.getLocalAddress(), forward.getLocalPort());
                SSLSocket socket = (SSLSocket)
                        context.getSocketFactory().createSocket(plain, "localhost", forward.getLocalPort(), true)) {
            socket.setSoTimeout((int) TIMEOUT.toMillis());
            socket.startHandshake();
            List<X509Certificate> chain = new ArrayList<>();
            for (Certificate certificate : socket.getSession().getPeerCertificates()) {
                if (certificate instanceof X509Certificate x509) {
                    chain.add(x509);
                }
            }
            return chain;
        }
    }

    /** The certificate is only read, so it need not be valid. Nothing is sent on this connection after the handshake. */
    private static final class AcceptAll extends X509ExtendedTrustManager {

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
