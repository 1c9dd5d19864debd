package dev.pillion.admission;

/**
 * A part of the bytes of a review.
 *
 * @param from the index of its first byte
 * @param to the index after its last byte
 */
public record ByteRange(int from, int to) {

    public int length() {
        return to - from;
    }
}
