package dev.pillion.catalog;

/**
 * How Pods get the generations of a profile. These settings are not part of the generation itself, and those of the present version apply to all
 * generations.
 *
 * @param pinnable whether annotations of Pods and namespaces can pin a generation
 * @param historyLimit how many earlier generations are kept
 * @param percentage of workloads, 0 to 100, that get the present generation; the others get the last one that was in force for all
 */
public record GenerationSettings(boolean pinnable, int historyLimit, int percentage) {

    public static final int DEFAULT_HISTORY_LIMIT = 10;

    /** Each generation is compiled when the catalog is made, and the status of the resource contains all of them. */
    public static final int MAX_HISTORY_LIMIT = 50;

    /** Whether all workloads get the generation that has these settings. */
    public boolean forAll() {
        return percentage == 100;
    }
}
