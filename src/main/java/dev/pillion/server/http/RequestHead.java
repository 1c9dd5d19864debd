package dev.pillion.server.http;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The request line and the headers of a request to the management port. Such a request is GET or HEAD and has no body. If a more lenient parser could
 * read the request differently, it is refused.
 */
final class RequestHead {

    static final int MAX_BYTES = 8 * 1024;

    private static final byte[] END = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private RequestHead() {}

    sealed interface Outcome {}

    /** More bytes are needed. */
    record Incomplete() implements Outcome {}

    /** @param reason the reason phrase of HTTP for the status */
    record Refused(int status, String reason, String message) implements Outcome {}

    /** @param bytes the same request, changed so that the connection ends with the response and uses only HTTP/1.1 */
    record Accepted(byte[] bytes) implements Outcome {}

    /** @param bytes all bytes until now */
    static Outcome read(byte[] bytes) {
        int end = endOf(bytes);
        if (end < 0) {
            return bytes.length > MAX_BYTES ? tooLong() : new Incomplete();
        }
        if (end > MAX_BYTES) {
            return tooLong();
        }
        String text = new String(bytes, 0, end, StandardCharsets.ISO_8859_1);
        List<String> lines = List.of(text.split("\r\n", -1));
        if (text.replace("\r\n", "").chars().anyMatch(each -> each == '\r' || each == '\n')) {
            return malformed("a line must end with CR LF");
        }
        String requestLine = lines.getFirst();
        if (!requestLine.startsWith("GET ") && !requestLine.startsWith("HEAD ")) {
            return new Refused(405, "Method Not Allowed", "the management port answers GET and HEAD");
        }
        return refusalOf(lines.subList(1, lines.size()))
                .orElseGet(() -> new Accepted(rewritten(requestLine, lines.subList(1, lines.size()))));
    }

    private static int endOf(byte[] bytes) {
        for (int at = 0; at + END.length <= bytes.length; at++) {
            if (bytes[at] == '\r' && bytes[at + 1] == '\n' && bytes[at + 2] == '\r' && bytes[at + 3] == '\n') {
                return at;
            }
        }
        return -1;
    }

    private static Optional<Outcome> refusalOf(List<String> headers) {
        int hosts = 0;
        for (String header : headers) {
            int colon = header.indexOf(':');
            String name = name(header);
            if (colon <= 0 || !name.strip().equals(name)) {
                return Optional.of(malformed("a header must have a name, a colon and a value on one line"));
            }
            String value = header.substring(colon + 1).strip();
            switch (name) {
                case "host" -> hosts++;
                case "transfer-encoding", "content-length" -> {
                    if (!name.equals("content-length") || !value.equals("0")) {
                        return Optional.of(
                                new Refused(413, "Content Too Large", "the management port accepts no request body"));
                    }
                }
                default -> {}
            }
        }
        return hosts == 1
                ? Optional.empty()
                : Optional.of(malformed("a request must have one Host header, and this one has " + hosts));
    }

    /** With {@code Connection: close}, because a client could otherwise queue many requests on one connection. */
    private static byte[] rewritten(String requestLine, List<String> headers) {
        StringBuilder head = new StringBuilder(requestLine).append("\r\n");
        for (String header : headers) {
            switch (name(header)) {
                case "connection", "upgrade", "http2-settings", "expect" -> {}
                default -> head.append(header).append("\r\n");
            }
        }
        return head.append("Connection: close\r\n\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String name(String header) {
        return header.substring(0, Math.max(0, header.indexOf(':'))).toLowerCase(Locale.ROOT);
    }

    private static Refused malformed(String message) {
        return new Refused(400, "Bad Request", message);
    }

    private static Refused tooLong() {
        return new Refused(
                431,
                "Request Header Fields Too Large",
                "the headers of a request may have at most " + MAX_BYTES + " bytes");
    }
}
