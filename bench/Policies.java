import dev.pillion.catalog.Catalog;
import dev.pillion.catalog.CatalogReader;
import dev.pillion.injection.InjectionSettings;
import dev.pillion.injection.Injector;
import dev.pillion.pod.Namespace;
import dev.pillion.pod.Pod;
import dev.pillion.yaml.YamlReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What deciding for a Pod costs with 1, 10, 100, 1,000 and 10,000 policies of which one matches. The catalogs take turns in one run, and the
 * figure is the ratio to a single policy: the machine's own noise meets all of them alike.
 */
class Policies {

    private static final int ROUNDS = 31;
    private static final int DECISIONS = 2_000;

    public static void main(String[] arguments) throws Exception {
        Pod pod = Pod.of(YamlReader.read("""
                metadata: {name: web, labels: {app: web, tier: front}}
                spec: {containers: [{name: web, image: nginx, ports: [{containerPort: 80}]}]}
                """).getFirst().tree());
        Namespace namespace = new Namespace("shop", Map.of("team", "team-0", "kubernetes.io/metadata.name", "shop"), Map.of());
        Injector injector = new Injector(InjectionSettings.defaults());
        Map<Integer, Catalog> catalogs = new LinkedHashMap<>();
        for (int count : new int[] {1, 10, 100, 1_000, 10_000}) {
            catalogs.put(count, catalog(count));
        }

        Map<Integer, double[]> microseconds = new LinkedHashMap<>();
        catalogs.keySet().forEach(count -> microseconds.put(count, new double[ROUNDS]));
        for (int round = -10; round < ROUNDS; round++) {
            for (Map.Entry<Integer, Catalog> each : catalogs.entrySet()) {
                long start = System.nanoTime();
                for (int decision = 0; decision < DECISIONS; decision++) {
                    injector.decide(pod, namespace, each.getValue());
                }
                if (round >= 0) {
                    microseconds.get(each.getKey())[round] = (System.nanoTime() - start) / 1_000.0 / DECISIONS;
                }
            }
        }
        double one = median(microseconds.get(1));
        System.out.println("policies  µs a decision (median of " + ROUNDS + " rounds)  ratio to one");
        microseconds.forEach((count, rounds) ->
                System.out.printf("%8d  %36.1f  %12.2f%n", count, median(rounds), median(rounds) / one));
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    /** Policies that each enforce logging for one team; the first is the Pod's. */
    private static Catalog catalog(int policies) throws Exception {
        Path directory = Files.createTempDirectory("policies");
        Path file = directory.resolve("policies.yaml");
        StringBuilder text = new StringBuilder();
        for (int team = 0; team < policies; team++) {
            text.append("""
                    ---
                    apiVersion: pillion.dev/v1alpha1
                    kind: InjectionPolicy
                    metadata: {name: team-%1$d}
                    spec:
                      mode: Enforce
                      match: {namespaceSelector: {matchLabels: {team: team-%1$d}}}
                      profiles: [{name: logging}]
                    """.formatted(team));
        }
        try {
            Files.writeString(file, text);
            return CatalogReader.read(directory);
        } finally {
            Files.delete(file);
            Files.delete(directory);
        }
    }
}
