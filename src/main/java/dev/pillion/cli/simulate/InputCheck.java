package dev.pillion.cli.simulate;

import java.util.List;

/** Finds what the cluster will reject or bypass, from other documents of the same input. */
interface InputCheck {

    /** A sentence for each problem that the companions of a workload have with other objects. */
    List<String> findings(InjectedWorkload workload, InputObjects objects);
}
