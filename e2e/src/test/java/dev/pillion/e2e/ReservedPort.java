package dev.pillion.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;

/**
 * A TCP port that the kernel does not assign to another process until this is closed.
 * The socket is bound and does not listen, so connections are refused. A server that sets {@code SO_REUSEADDR} can listen on the port at the same time
 * (socket(7)), also in another process, and again after a stop.
 */
final class ReservedPort implements AutoCloseable {

    private final Socket socket = new Socket();

    ReservedPort() {
        try {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(0));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int number() {
        return socket.getLocalPort();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
