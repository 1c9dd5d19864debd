package dev.pillion.server;

import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** TLS for clients that accept every server certificate. */
public final class InsecureTls {

    private InsecureTls() {}

    /** @param credentials of the client */
    public static SSLContext context(KeyManager... credentials) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(credentials, new TrustManager[] {new AcceptsEveryCertificate()}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static final class AcceptsEveryCertificate implements X509TrustManager {

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
