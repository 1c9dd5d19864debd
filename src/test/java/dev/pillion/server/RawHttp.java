package dev.pillion.server;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Requests as bytes, and responses in a form in which they can be compared. */
final class RawHttp {

    private RawHttp() {}

    /** The start of a request, up to its body. */
    static String head(String method, String target, String header, int length) {
        return method + " " + target + " HTTP/1.1\r\nHost: localhost\r\n" + header + "\r\nContent-Length: " + length
                + "\r\n\r\n";
    }

    static byte[] request(String method, String target, String header, String body) {
        return (head(method, target, header, body.length()) + body).getBytes(StandardCharsets.US_ASCII);
    }

    /** A request with one chunk of spaces. */
    static byte[] chunked(String target, int length) {
        String head = "POST " + target + " HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n";
        return (head + Integer.toHexString(length) + "\r\n" + " ".repeat(length) + "\r\n0\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** Sends a request and returns the response, with the names of the headers in lower case and sorted. Neither their case nor their order has a meaning. */
    static String exchange(Socket socket, byte[] request) throws IOException {
        try (socket) {
            socket.getOutputStream().write(request);
            socket.getOutputStream().flush();
            return canonical(ServerProcess.response(socket));
        }
    }

    private static String canonical(String response) {
        int end = response.indexOf("\r\n\r\n");
        List<String> lines = List.of(response.substring(0, end).split("\r\n"));
        return lines.getFirst() + "\r\n"
                + lines.stream()
                        .skip(1)
                        .map(line -> line.substring(0, line.indexOf(':')).toLowerCase(Locale.ROOT)
                                + line.substring(line.indexOf(':')) + "\r\n")
                        .sorted()
                        .collect(Collectors.joining())
                + response.substring(end + 2);
    }
}
