package dev.pillion.cli.simulate;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The requests and limits of containers, and their sum as the scheduler calculates it. */
public final class ComputeResources {

    private static final Pattern QUANTITY =
            Pattern.compile("([+-]?[0-9.]+)([eE][+-]?[0-9]{1,2}|[numkMGTPE]|[KMGTPE]i)?");

    private static final Map<String, BigDecimal> UNITS = Map.ofEntries(
            Map.entry("n", BigDecimal.valueOf(1, 9)),
            Map.entry("u", BigDecimal.valueOf(1, 6)),
            Map.entry("m", BigDecimal.valueOf(1, 3)),
            Map.entry("k", BigDecimal.valueOf(1, -3)),
            Map.entry("M", BigDecimal.valueOf(1, -6)),
            Map.entry("G", BigDecimal.valueOf(1, -9)),
            Map.entry("T", BigDecimal.valueOf(1, -12)),
            Map.entry("P", BigDecimal.valueOf(1, -15)),
            Map.entry("E", BigDecimal.valueOf(1, -18)),
            Map.entry("Ki", BigDecimal.valueOf(1L << 10)),
            Map.entry("Mi", BigDecimal.valueOf(1L << 20)),
            Map.entry("Gi", BigDecimal.valueOf(1L << 30)),
            Map.entry("Ti", BigDecimal.valueOf(1L << 40)),
            Map.entry("Pi", BigDecimal.valueOf(1L << 50)),
            Map.entry("Ei", BigDecimal.valueOf(1L << 60)));

    private ComputeResources() {}

    /** The number of a quantity; empty if the text is none. */
    public static Optional<BigDecimal> quantity(JsonNode text) {
        Matcher matcher = QUANTITY.matcher(text.asText());
        if (!matcher.matches()) {
            return Optional.empty();
        }
        try {
            BigDecimal number = new BigDecimal(matcher.group(1));
            String unit = matcher.group(2);
            if (unit == null) {
                return Optional.of(number);
            }
            BigDecimal factor = UNITS.get(unit);
            return Optional.of(
                    factor != null
                            ? number.multiply(factor)
                            : number.scaleByPowerOfTen(
                                    Integer.parseInt(unit.substring(1).replace("+", ""))));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** The sum for a Pod. An init container runs together with the native sidecars before it; the other containers run after it. */
    public static BigDecimal total(JsonNode pod, String kind, String resource) {
        BigDecimal sidecars = BigDecimal.ZERO;
        BigDecimal highest = BigDecimal.ZERO;
        for (JsonNode container : pod.path("spec").path("initContainers")) {
            BigDecimal needed = of(container, kind, resource).orElse(BigDecimal.ZERO);
            if (container.path("restartPolicy").asText().equals("Always")) {
                sidecars = sidecars.add(needed);
                highest = highest.max(sidecars);
            } else {
                highest = highest.max(sidecars.add(needed));
            }
        }
        BigDecimal running = sidecars;
        for (JsonNode container : pod.path("spec").path("containers")) {
            running = running.add(of(container, kind, resource).orElse(BigDecimal.ZERO));
        }
        return running.max(highest);
    }

    /** A container with a limit and no request requests the limit. */
    static Optional<BigDecimal> of(JsonNode container, String kind, String resource) {
        JsonNode resources = container.path("resources");
        Optional<BigDecimal> own = quantity(resources.path(kind).path(resource));
        return own.isPresent() || kind.equals("limits")
                ? own
                : quantity(resources.path("limits").path(resource));
    }

    /** The amount of a Pod, if it is above a maximum only because of its companions. */
    static Optional<BigDecimal> exceeding(InjectedWorkload workload, String kind, String resource, BigDecimal most) {
        return Optional.of(total(workload.pod(), kind, resource))
                .filter(after -> after.compareTo(most) > 0
                        && total(workload.original(), kind, resource).compareTo(most) <= 0);
    }

    /** An amount as Kubernetes writes it: {@code 110m} for cpu, and the largest binary unit without a fraction for memory. */
    public static String shown(String resource, BigDecimal amount) {
        if (resource.equals("cpu")) {
            BigDecimal milli = amount.movePointRight(3);
            boolean cores = amount.stripTrailingZeros().scale() <= 0;
            return cores
                    ? amount.stripTrailingZeros().toPlainString()
                    : milli.stripTrailingZeros().toPlainString() + "m";
        }
        for (String unit : List.of("Gi", "Mi", "Ki")) {
            BigDecimal[] parts = amount.divideAndRemainder(UNITS.get(unit));
            if (parts[0].signum() > 0 && parts[1].signum() == 0) {
                return parts[0].stripTrailingZeros().toPlainString() + unit;
            }
        }
        return amount.stripTrailingZeros().toPlainString();
    }

    /** The resources that are compared: {@code cpu} and {@code memory}. */
    public static List<String> names() {
        return List.of("cpu", "memory");
    }
}
