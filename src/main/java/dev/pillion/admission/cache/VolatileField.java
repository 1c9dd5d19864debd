package dev.pillion.admission.cache;

import java.util.Arrays;

/**
 * A text in a review that differs among the Pods of one workload and does not influence the decision.
 *
 * @param from the index of its first byte
 * @param to the index after its last byte
 */
record VolatileField(Kind kind, int from, int to) {

    /** What the text is. All texts of a kind in one review are equal, except times. */
    enum Kind {
        /** The uid of the review, which the response repeats. */
        REVIEW_UID("-", true),
        /** When the Pod was created, or a field manager last wrote a field. */
        TIME("TZ:.+-", false),
        /** The random part of the name of the volume with the ServiceAccount's token (admission plug-in ServiceAccount). */
        TOKEN_VOLUME("", false),
        /** The uid of the Pod. */
        POD_UID("-", true),
        /** The name of the Pod, or the part after its {@code generateName}: random letters, or the ordinal in a StatefulSet. */
        POD_NAME("-.", false),
        /** The node that a DaemonSet chose for the Pod. */
        NODE_NAME("-.", false),
        /** The uid of the Job. */
        JOB_UID("-", true),
        /** The name of the Job. */
        JOB_NAME("-.", false),
        /** The index of the Pod in an indexed Job. */
        JOB_INDEX("", false);

        private final boolean[] allowed = new boolean[128];

        /**
         * @param others characters beside digits and small letters
         * @param capitals whether there are capital letters
         */
        Kind(String others, boolean capitals) {
            Arrays.fill(allowed, '0', '9' + 1, true);
            Arrays.fill(allowed, 'a', 'z' + 1, true);
            Arrays.fill(allowed, 'A', 'Z' + 1, capitals);
            others.chars().forEach(each -> allowed[each] = true);
        }

        boolean allows(byte each) {
            return each >= 0 && allowed[each];
        }
    }

    /** Whether a review has only valid characters of such a text at this position. They cannot change the structure of the document. */
    boolean accepts(byte[] review) {
        for (int index = from; index < to; index++) {
            if (!kind.allows(review[index])) {
                return false;
            }
        }
        return true;
    }

    /** Whether a review has the same text at the position of another field of this kind. */
    boolean isEqualTo(VolatileField other, byte[] review) {
        return Arrays.equals(review, from, to, review, other.from, other.to);
    }

    /** Changes each letter and each digit of the text. */
    void change(byte[] review) {
        for (int index = from; index < to; index++) {
            byte each = review[index];
            if (each >= '0' && each <= '9') {
                review[index] = (byte) (each == '9' ? '0' : each + 1);
            } else if (each >= 'a' && each <= 'z') {
                review[index] = (byte) (each == 'z' ? 'a' : each + 1);
            } else if (each >= 'A' && each <= 'Z' && kind != Kind.TIME) {
                review[index] = (byte) (each == 'Z' ? 'A' : each + 1);
            }
        }
    }
}
