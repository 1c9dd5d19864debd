package dev.pillion.cli.simulate;

import java.util.List;

/** A check of an injected workload against the objects beside it. */
interface InputCheck {

    /** One sentence for each problem. */
    List<String> findings(InjectedWorkload workload, NamespaceObjects objects);
}
