package dev.pillion.cli.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pillion.cli.live.NotCompiled;
import dev.pillion.cli.plan.NamespaceTotals.QuotaUse;
import dev.pillion.cli.plan.NamespaceTotals.Total;
import dev.pillion.cli.plan.PlannedChange.Kind;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PlanMarkdownTest {

    private static PlannedWorkload workload(String name, Kind kind, String detail, String... diff) {
        return new PlannedWorkload(
                "bank",
                "Deployment/" + name,
                2,
                List.of(new PlannedChange(kind, "agent", "policy agents", detail, List.of())),
                List.of(diff));
    }

    private static String markdown(PlannedWorkload... workloads) {
        return new PlanMarkdown(new ClusterPlan(List.of(workloads), List.of(), List.of(), List.of())).text();
    }

    @Test
    void showsDenialsAtOnceAndOtherChangesOnRequest() {
        assertThat(markdown(
                        workload("ledger", Kind.CHANGES, "generation a → b"),
                        workload("web", Kind.DENIED, "no value"),
                        workload("try", Kind.AUDITED, "would be injected")))
                .isEqualTo("""
                        **This change causes problems.** 3 workloads with 6 Pods: 1 unchanged, 1 would be denied, 1 with changes, 1 with profiles of policies in Audit mode.

                        | change | profile | requested by | workloads | Pods | namespaces |
                        | --- | --- | --- | --- | --- | --- |
                        | denied | agent | policy agents | 1 | 2 | bank |
                        | changes | agent | policy agents | 1 | 2 | bank |
                        | audited | agent | policy agents | 1 | 2 | bank |

                        | namespace | workload | Pods | change | profile | requested by | detail |
                        | --- | --- | --- | --- | --- | --- | --- |
                        | bank | Deployment/web | 2 | denied | agent | policy agents | no value |

                        <details><summary>Changed workloads (1 row)</summary>

                        | namespace | workload | Pods | change | profile | requested by | detail |
                        | --- | --- | --- | --- | --- | --- | --- |
                        | bank | Deployment/ledger | 2 | changes | agent | policy agents | generation a → b |

                        </details>

                        <details><summary>Findings that change no Pod (1 row)</summary>

                        | namespace | workload | Pods | change | profile | requested by | detail |
                        | --- | --- | --- | --- | --- | --- | --- |
                        | bank | Deployment/try | 2 | audited | agent | policy agents | would be injected |

                        </details>
                        """);
    }

    @Test
    void theTextOfACellHasNoMeaningInMarkdown() {
        assertThat(markdown(workload("web", Kind.GAINS, "a|b `c` <img src=x> *d* @user\nimage@sha256 \\ [e](f) &amp;")))
                .contains(
                        "| a\\|b \\`c\\` &lt;img src=x&gt; \\*d\\* &#64;user image&#64;sha256 \\\\ \\[e\\](f) &amp;amp; |\n");
    }

    @Test
    void aFenceIsLongerThanTheBackticksInADiff() {
        assertThat(markdown(workload("web", Kind.CHANGES, "x", "--- now", "+++ planned", "+  args: [\"````\"]")))
                .contains("""
                        <details><summary>Diff of bank Deployment/web</summary>

                        ```````diff
                        --- now
                        +++ planned
                        +  args: ["````"]
                        ```````

                        </details>
                        """);
    }

    @Test
    void fitsIntoACommentAndSaysWhatIsLeftOut() {
        PlannedWorkload[] many = IntStream.range(0, 3_000)
                .mapToObj(index -> workload("web-" + index, Kind.GAINS, "container agent", "+ image: agent"))
                .toArray(PlannedWorkload[]::new);

        String text = markdown(many);

        long rows = text.lines().filter(line -> line.startsWith("| bank |")).count();
        long diffs = text.lines().filter(line -> line.contains("Diff of")).count();
        assertThat(text).hasSizeLessThan(65_536).endsWith("""

                %d rows or diffs are left out, because the text would be too long. `pillion plan` without `-o markdown` prints everything.
                """.formatted(6_000 - rows - diffs));
        assertThat(rows).isBetween(500L, 2_999L);
        assertThat(text).contains("| gains | agent | policy agents | 3000 | 6000 | bank |\n");
        assertThat(text).containsOnlyOnce("</details>");
    }

    @Test
    void aLongDetailIsShortened() {
        assertThat(markdown(workload("web", Kind.DENIED, "x".repeat(100_000))))
                .contains("| " + "x".repeat(600) + "… |");
    }

    @Test
    void showsQuotasAndProfilesThatWouldNotCompile() {
        QuotaUse quota = new QuotaUse(
                "ResourceQuota/team",
                "requests.cpu",
                new BigDecimal("0.8"),
                new BigDecimal("0.3"),
                new BigDecimal("1"));
        ClusterPlan plan = new ClusterPlan(
                List.of(),
                List.of(new Total("bank", Map.of("requests.cpu", new BigDecimal("0.3")), List.of(quota))),
                List.of(new NotCompiled("injectionprofile/agent", "an earlier version", List.of("spec.x: unknown"))),
                List.of());

        assertThat(new PlanMarkdown(plan).text())
                .startsWith("**This change causes problems.** 0 workloads with 0 Pods: 0 unchanged; 1 limit of a quota"
                        + " would be exceeded; 1 profile or policy would not compile.\n")
                .contains("| injectionprofile/agent | an earlier version | spec.x: unknown |\n")
                .contains("| bank | +300m | 0 | ResourceQuota/team: requests.cpu 800m + 300m of 1: exceeded |\n");
    }
}
