package dev.pillion.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * Scalars as kubectl reads them: YAML 1.1 without numbers to the base of sixty, and with {@code 0o644} (resolve.go of goyaml.v2 in
 * sigs.k8s.io/yaml).
 */
final class PlainScalars extends Resolver {

    private static final Pattern BOOLEAN =
            Pattern.compile("(y|Y|yes|Yes|YES|true|True|TRUE|on|On|ON)|n|N|no|No|NO|false|False|FALSE|off|Off|OFF");
    private static final Pattern INTEGER = Pattern.compile(
            "([-+]?)(?:0[bB]([01][01_]*)|0[xX]([0-9a-fA-F][0-9a-fA-F_]*)|0[oO]?_*([0-7][0-7_]*)|(0|[1-9][0-9_]*))");
    private static final Pattern DECIMAL =
            Pattern.compile("[-+]?(\\.[0-9][0-9_]*|[0-9][0-9_]*(\\.[0-9_]*)?)([eE][-+]?[0-9]+)?");
    private static final Pattern NOT_FINITE = Pattern.compile("[-+]?\\.(inf|Inf|INF)|\\.(nan|NaN|NAN)");

    /** The text of a larger exponent is short, and the number as JSON or as an integer is not. */
    private static final Pattern SENSIBLE = Pattern.compile("[^eE]*([eE][-+]?[0-9]{1,4})?");

    /** As JSON readers have it (Jackson's StreamReadConstraints). To convert a number takes more than linear time. */
    private static final int MAX_DIGITS = 1_000;

    private static final int[] BASES = {2, 16, 8, 10};
    private static final JsonNodeFactory NODES = JsonNodeFactory.withExactBigDecimals(true);

    @Override
    protected void addImplicitResolvers() {
        addImplicitResolver(Tag.BOOL, BOOLEAN, "yYnNtTfFoO");
        addImplicitResolver(Tag.INT, INTEGER, "-+0123456789");
        addImplicitResolver(Tag.FLOAT, DECIMAL, "-+0123456789.");
        addImplicitResolver(Tag.FLOAT, NOT_FINITE, "-+.");
        addImplicitResolver(Tag.MERGE, Pattern.compile("<<"), "<");
        addImplicitResolver(Tag.NULL, Pattern.compile("~|null|Null|NULL| "), "~nN\0");
        addImplicitResolver(Tag.NULL, Pattern.compile(""), null);
    }

    /** The value of a scalar, whose tag was found by this resolver or stands before it. */
    static JsonNode value(ScalarNode node) throws YamlException {
        String text = node.getValue();
        Tag tag = node.getTag();
        if ((tag.equals(Tag.INT) || tag.equals(Tag.FLOAT)) && text.length() > MAX_DIGITS) {
            throw new YamlException(
                    node.getStartMark().getLine() + 1,
                    "a number has " + text.length() + " characters; at most " + MAX_DIGITS
                            + " are allowed, or it must be in quotes");
        }
        if (tag.equals(Tag.INT)) {
            return integer(matching(INTEGER, node, "an integer"));
        }
        if (tag.equals(Tag.FLOAT)) {
            matching(DECIMAL, node, "a number that JSON can hold");
            matching(SENSIBLE, node, "a number that JSON can hold");
            return decimal(text.replace("_", ""));
        }
        if (tag.equals(Tag.BOOL)) {
            return NODES.booleanNode(matching(BOOLEAN, node, "true or false").group(1) != null);
        }
        return tag.equals(Tag.NULL) ? NODES.nullNode() : NODES.textNode(text);
    }

    private static Matcher matching(Pattern form, ScalarNode node, String what) throws YamlException {
        Matcher matcher = form.matcher(node.getValue());
        if (!matcher.matches()) {
            throw new YamlException(
                    node.getStartMark().getLine() + 1,
                    "'" + YamlReader.shortened(node.getValue()) + "' must be " + what + ", or in quotes");
        }
        return matcher;
    }

    private static JsonNode integer(Matcher parts) {
        for (int form = 0; form < BASES.length; form++) {
            String digits = parts.group(2 + form);
            if (digits != null) {
                return integer(new BigInteger(parts.group(1) + digits.replace("_", ""), BASES[form]));
            }
        }
        throw new IllegalStateException("one of the forms has matched");
    }

    private static JsonNode integer(BigInteger value) {
        if (value.bitLength() < Integer.SIZE) {
            return NODES.numberNode(value.intValue());
        }
        return value.bitLength() < Long.SIZE ? NODES.numberNode(value.longValue()) : NODES.numberNode(value);
    }

    /** BigDecimal keeps every digit, but knows no negative zero. */
    private static JsonNode decimal(String text) {
        BigDecimal exact = new BigDecimal(text);
        return exact.signum() == 0 && text.startsWith("-") ? NODES.numberNode(-0.0) : NODES.numberNode(exact);
    }
}
