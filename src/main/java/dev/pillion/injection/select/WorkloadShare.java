package dev.pillion.injection.select;

import dev.pillion.pod.Namespace;
import dev.pillion.pod.Owner;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/** Selects a percentage of workloads. It selects the same ones each time, and a higher percentage selects these and others. */
final class WorkloadShare {

    private WorkloadShare() {}

    /** @param selector what selects them; another one selects other workloads */
    static boolean isSelected(String selector, int percentage, Namespace namespace, Owner owner) {
        if (percentage == 100) {
            return true;
        }
        CRC32 hash = new CRC32();
        hash.update((selector + "/" + namespace.name() + "/" + name(owner)).getBytes(StandardCharsets.UTF_8));
        return hash.getValue() % 100 < percentage;
    }

    static String name(Owner owner) {
        return owner.kind() + " " + owner.name();
    }
}
