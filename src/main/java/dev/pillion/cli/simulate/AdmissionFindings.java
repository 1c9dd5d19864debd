package dev.pillion.cli.simulate;

import java.util.ArrayList;
import java.util.List;

/** Finds the reasons why the API server would reject the Pods of an injected workload. */
public final class AdmissionFindings {

    private static final List<InputCheck> CHECKS =
            List.of(new PodSecurityCheck(), new ResourceQuotaCheck(), new LimitRangeCheck());

    private AdmissionFindings() {}

    /**
     * One sentence for each reason.
     *
     * @param objects the ResourceQuotas and LimitRanges
     */
    public static List<String> of(InjectedWorkload workload, NamespaceObjects objects) {
        List<String> findings = new ArrayList<>();
        CHECKS.forEach(check -> findings.addAll(check.findings(workload, objects)));
        return findings;
    }
}
