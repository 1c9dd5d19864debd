package dev.pillion.catalog;

/**
 * How Pods get the generations of a profile. These settings are not part of the generation itself, and those of the present version apply to all
 * generations.
 *
 * @param pinnable whether annotations of Pods and namespaces can pin a generation
 * @param historyLimit how many earlier generations are kept
 */
public record GenerationSettings(boolean pinnable, int historyLimit) {

    public static final int DEFAULT_HISTORY_LIMIT = 10;

    /** Each generation is compiled when the catalog is made, and the status of the resource contains all of them. */
    public static final int MAX_HISTORY_LIMIT = 50;
}
