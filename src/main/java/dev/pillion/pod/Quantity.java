package dev.pillion.pod;

import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The amounts of Kubernetes quantities in all their forms (k8s.io/apimachinery, {@code resource.Quantity}). */
public final class Quantity {

    private static final Pattern FORM =
            Pattern.compile("([+-]?(?:\\d+\\.?\\d*|\\.\\d+))(?:([numkMGTPE]|[KMGTPE]i)|[eE]([+-]?\\d{1,3}))?");

    private static final BigDecimal KIBI = BigDecimal.valueOf(1024);

    private static final Map<String, BigDecimal> SUFFIXES = Map.ofEntries(
            Map.entry("n", BigDecimal.ONE.scaleByPowerOfTen(-9)),
            Map.entry("u", BigDecimal.ONE.scaleByPowerOfTen(-6)),
            Map.entry("m", BigDecimal.ONE.scaleByPowerOfTen(-3)),
            Map.entry("k", BigDecimal.ONE.scaleByPowerOfTen(3)),
            Map.entry("M", BigDecimal.ONE.scaleByPowerOfTen(6)),
            Map.entry("G", BigDecimal.ONE.scaleByPowerOfTen(9)),
            Map.entry("T", BigDecimal.ONE.scaleByPowerOfTen(12)),
            Map.entry("P", BigDecimal.ONE.scaleByPowerOfTen(15)),
            Map.entry("E", BigDecimal.ONE.scaleByPowerOfTen(18)),
            Map.entry("Ki", KIBI),
            Map.entry("Mi", KIBI.pow(2)),
            Map.entry("Gi", KIBI.pow(3)),
            Map.entry("Ti", KIBI.pow(4)),
            Map.entry("Pi", KIBI.pow(5)),
            Map.entry("Ei", KIBI.pow(6)));

    private Quantity() {}

    /** Whether both texts are quantities of the same amount. */
    public static boolean same(String one, String other) {
        Optional<BigDecimal> amount = amount(one);
        return amount.isPresent()
                && amount(other)
                        .filter(second -> second.compareTo(amount.get()) == 0)
                        .isPresent();
    }

    /** The amount in base units, for example cores or bytes; empty if the text is no quantity. */
    public static Optional<BigDecimal> amount(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            return Optional.empty();
        }
        BigDecimal number = new BigDecimal(form.group(1));
        if (form.group(2) != null) {
            return Optional.of(number.multiply(SUFFIXES.get(form.group(2))));
        }
        int exponent = form.group(3) == null ? 0 : Integer.parseInt(form.group(3));
        return Optional.of(number.scaleByPowerOfTen(exponent));
    }
}
