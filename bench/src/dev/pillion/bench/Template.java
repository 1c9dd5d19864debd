package dev.pillion.bench;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * An HTTP request with places that get another text each time. It is prepared, so that sending it costs little more than copying it.
 *
 * @param headLength the number of bytes before the body
 */
record Template(Review review, int headLength, byte[] request, List<Place> places) {

    /** A run of one placeholder. */
    record Place(Placeholder placeholder, int from, int length) {}

    static Template of(Review review) {
        String body = review.template();
        String head = "POST " + review.path()
                + "?timeout=5s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: " + body.length()
                + "\r\n\r\n";
        String request = head + body;
        byte[] bytes = request.getBytes(StandardCharsets.US_ASCII);
        if (bytes.length != request.getBytes(StandardCharsets.UTF_8).length) {
            throw new IllegalArgumentException("only ASCII, so that places in the text are places in the bytes");
        }
        return new Template(review, head.length(), bytes, places(request));
    }

    private static List<Place> places(String text) {
        List<Place> places = new ArrayList<>();
        for (Placeholder placeholder : Placeholder.values()) {
            for (int from = text.indexOf(placeholder.mark()); from >= 0; ) {
                int to = from;
                while (text.charAt(to) == placeholder.mark()) {
                    to++;
                }
                places.add(new Place(placeholder, from, to - from));
                from = text.indexOf(placeholder.mark(), to);
            }
        }
        return places;
    }

    int bodyLength() {
        return request.length - headLength;
    }

    /**
     * Writes the request.
     *
     * @param number of the request
     * @param pod the number of the Pod
     */
    void write(long number, long pod, ByteBuf out) {
        int start = out.writerIndex();
        out.writeBytes(request);
        Placeholder current = null;
        byte[] text = {};
        for (Place place : places) {
            if (place.placeholder != current) {
                current = place.placeholder;
                text = current.text(number, pod);
            }
            out.setBytes(start + place.from, text, Placeholder.LENGTH - place.length, place.length);
        }
    }

    byte[] body(long number, long pod) {
        ByteBuf out = Unpooled.buffer(request.length);
        write(number, pod, out);
        return Arrays.copyOfRange(out.array(), headLength, request.length);
    }
}
