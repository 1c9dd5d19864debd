package dev.pillion.pod;

import java.util.Map;

/** The size of annotations as Kubernetes limits it: the bytes of all names and values in UTF-8 (ValidateAnnotationsSize in apimachinery). */
public final class AnnotationSize {

    private AnnotationSize() {}

    /** In bytes. */
    public static long of(Map<String, String> annotations) {
        long bytes = 0;
        for (Map.Entry<String, String> annotation : annotations.entrySet()) {
            bytes += of(annotation.getKey(), annotation.getValue());
        }
        return bytes;
    }

    /** Of one annotation, in bytes. */
    public static long of(String name, String value) {
        return of(name) + of(value);
    }

    /** Of a name or a value, in bytes. */
    public static long of(String text) {
        long bytes = text.length();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                // A pair of surrogates is one code point of four bytes.
                bytes += c < 0x800 || Character.isSurrogate(c) ? 1 : 2;
            }
        }
        return bytes;
    }
}
