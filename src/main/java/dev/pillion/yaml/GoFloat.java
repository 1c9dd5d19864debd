package dev.pillion.yaml;

import java.math.BigDecimal;

/** Prints a float as Go's {@code strconv.FormatFloat(f, 'g', -1, 32)} does. */
final class GoFloat {

    private GoFloat() {}

    static String shortest(float number) {
        if (number == 0) {
            return 1 / number < 0 ? "-0" : "0";
        }
        if (Float.isInfinite(number)) {
            return number > 0 ? ".inf" : "-.inf";
        }
        BigDecimal exact = new BigDecimal(Float.toString(number)).stripTrailingZeros();
        int exponent = exact.precision() - exact.scale() - 1;
        // The shortest form has an exponent below 1e-4 and from 1e6 on.
        return exponent < -4 || exponent >= 6 ? scientific(exact, exponent) : exact.toPlainString();
    }

    private static String scientific(BigDecimal number, int exponent) {
        String digits = number.unscaledValue().abs().toString();
        return (number.signum() < 0 ? "-" : "")
                + digits.charAt(0)
                + (digits.length() > 1 ? "." + digits.substring(1) : "")
                + "e%s%02d".formatted(exponent < 0 ? "-" : "+", Math.abs(exponent));
    }
}
