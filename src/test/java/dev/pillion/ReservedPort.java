package dev.pillion;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;

/**
 * A TCP port that the kernel does not assign to another process until this is closed. It is reserved for all addresses, because servers listen on all
 * of them: a connection of another address that uses the port would prevent that.
 * The socket is bound and does not listen, so connections are refused. A server that sets {@code SO_REUSEADDR} can listen on the port at the same time
 * (socket(7)), also in another process, and again after a stop.
 */
public final class ReservedPort implements AutoCloseable {

    private final Socket socket = new Socket();

    public ReservedPort() {
        try {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(0));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int number() {
        return socket.getLocalPort();
    }

    /** Waits until no server listens on the port. The kernel can still accept connections after a server has reported that it is closed. */
    public void awaitFree() {
        await().pollInterval(Duration.ofMillis(1)).pollDelay(Duration.ZERO).until(this::isFree);
    }

    private boolean isFree() throws IOException {
        try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), number())) {
            return false;
        } catch (ConnectException e) {
            return true;
        }
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
