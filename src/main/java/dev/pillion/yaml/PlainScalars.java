package dev.pillion.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.nodes.NodeId;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * Resolves scalars like kubectl: YAML 1.1 without sexagesimal numbers, and with {@code 0o644} (resolve.go of goyaml.v2 in sigs.k8s.io/yaml).
 */
public final class PlainScalars extends Resolver {

    private static final Pattern BOOLEAN =
            Pattern.compile("(y|Y|yes|Yes|YES|true|True|TRUE|on|On|ON)|n|N|no|No|NO|false|False|FALSE|off|Off|OFF");
    private static final Pattern NULL = Pattern.compile("~|null|Null|NULL|");
    private static final Pattern INTEGER =
            Pattern.compile("([-+]?)(?:0[bB]([01]+)|0[xX]([0-9a-fA-F]+)|0[oO]?([0-7]+)|(0|[1-9][0-9]*))");
    private static final Pattern DECIMAL = Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?");
    private static final Pattern HALF = Pattern.compile("[\\x{d800}-\\x{dfff}]");
    private static final Pattern DIGITS = Pattern.compile("[-+]?[0-9]+");
    private static final Pattern NOT_FINITE = Pattern.compile("[-+]?\\.(inf|Inf|INF)|\\.(nan|NaN|NAN)");

    /** The same limit as for JSON (Jackson's StreamReadConstraints). To convert a number takes more than linear time. */
    private static final int MAX_DIGITS = 1_000;

    private static final int[] BASES = {2, 16, 8, 10};
    private static final JsonNodeFactory NODES = JsonNodeFactory.withExactBigDecimals(true);

    /** Adds no resolvers, because {@link #resolve} does not use them. */
    @Override
    protected void addImplicitResolvers() {}

    @Override
    public Tag resolve(NodeId kind, String text, boolean implicit) {
        if (kind != NodeId.scalar || !implicit) {
            return super.resolve(kind, text, implicit);
        }
        if (NULL.matcher(text).matches()) {
            return Tag.NULL;
        }
        char first = text.charAt(0);
        if (first == '.' || first == '-' || first == '+' || (first >= '0' && first <= '9')) {
            return number(text);
        }
        if (text.equals("<<")) {
            return Tag.MERGE;
        }
        return BOOLEAN.matcher(text).matches() ? Tag.BOOL : Tag.STR;
    }

    private static Tag number(String text) {
        if (NOT_FINITE.matcher(text).matches()) {
            return Tag.FLOAT;
        }
        String plain = withoutUnderscores(text);
        Matcher integer = INTEGER.matcher(plain);
        if (integer.matches() && (plain.length() > MAX_DIGITS || fitsInteger(integer))) {
            return Tag.INT;
        }
        boolean decimal = DECIMAL.matcher(plain).matches();
        return decimal && (plain.length() > MAX_DIGITS || Double.isFinite(Double.parseDouble(plain)))
                ? Tag.FLOAT
                : Tag.STR;
    }

    /** Go reads an integer into 64 bits, with or without a sign. A larger one is a float if it has the form of one, otherwise a string. */
    private static boolean fitsInteger(Matcher parts) {
        BigInteger value = integerValue(parts);
        return value.bitLength() < Long.SIZE
                || (value.signum() > 0 && parts.group(1).isEmpty() && value.bitLength() == Long.SIZE);
    }

    /** A number can contain underscores, unless it begins with a dot. */
    private static String withoutUnderscores(String text) {
        return text.startsWith(".") ? text : text.replace("_", "");
    }

    /** The value of a scalar with an explicit or resolved tag. */
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
            return integer(integerValue(matching(INTEGER, node, "an integer")));
        }
        if (tag.equals(Tag.FLOAT)) {
            String number =
                    matching(DECIMAL, node, "a number that JSON can represent").group();
            if (!Double.isFinite(Double.parseDouble(number))) {
                throw mistake(node, "a number that JSON can represent");
            }
            // An integer beyond 64 bits is a float in Go; its digits are kept.
            return DIGITS.matcher(number).matches() ? integer(new BigInteger(number)) : decimal(number);
        }
        if (tag.equals(Tag.BOOL)) {
            return NODES.booleanNode(matching(BOOLEAN, node, "true or false").group(1) != null);
        }
        if (tag.equals(Tag.BINARY)) {
            return NODES.textNode(decoded(node));
        }
        if (tag.equals(Tag.NULL)) {
            matching(NULL, node, "null");
            return NODES.nullNode();
        }
        return NODES.textNode(wellFormed(text));
    }

    /** Half of a surrogate pair is a replacement character in Go: JSON can escape it, but UTF-8 cannot encode it. */
    private static String wellFormed(String text) {
        boolean surrogates = text.chars().anyMatch(c -> Character.isSurrogate((char) c));
        return surrogates ? HALF.matcher(text).replaceAll("\ufffd") : text;
    }

    /**
     * The name of a field as kubectl reads it. A boolean or a number is converted to text as in Go, so that {@code on: push} sets the field
     * {@code true} (convertToJSONableObject in sigs.k8s.io/yaml).
     */
    public static String fieldName(ScalarNode key) throws YamlException {
        if (key.getTag().equals(Tag.FLOAT) && NOT_FINITE.matcher(key.getValue()).matches()) {
            return key.getValue().toLowerCase(Locale.ROOT).replace("+", "");
        }
        JsonNode name = value(key);
        if (name.isBigInteger() && key.getTag().equals(Tag.INT)) {
            throw mistake(key, "a number below 2^63");
        }
        if (name.isNull()) {
            throw new YamlException(
                    key.getStartMark().getLine() + 1, "a field's name must not be null; write it in quotes");
        }
        return key.getTag().equals(Tag.FLOAT) ? GoFloat.shortest(name.floatValue()) : name.asText();
    }

    /** Go and Java replace invalid UTF-8 by a replacement character. */
    private static String decoded(ScalarNode node) throws YamlException {
        String digits = node.getValue().replaceAll("[\\r\\n]", "");
        try {
            // Java accepts Base64 without padding, Go does not.
            return new String(
                    Base64.getDecoder().decode(digits.length() % 4 == 0 ? digits : "="), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new YamlException(
                    node.getStartMark().getLine() + 1,
                    "a value with the tag !!binary must be Base64, such as aGVsbG8=");
        }
    }

    private static Matcher matching(Pattern form, ScalarNode node, String what) throws YamlException {
        Matcher matcher = form.matcher(withoutUnderscores(node.getValue()));
        if (!matcher.matches()) {
            throw mistake(node, what);
        }
        return matcher;
    }

    private static YamlException mistake(ScalarNode node, String what) {
        return new YamlException(
                node.getStartMark().getLine() + 1,
                "'" + YamlReader.shortened(node.getValue()) + "' must be " + what + ", or in quotes");
    }

    private static BigInteger integerValue(Matcher parts) {
        for (int form = 0; form < BASES.length; form++) {
            String digits = parts.group(2 + form);
            if (digits != null) {
                return new BigInteger(parts.group(1) + digits, BASES[form]);
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

    /** BigDecimal keeps every digit, but has no negative zero. */
    private static JsonNode decimal(String text) {
        BigDecimal exact = new BigDecimal(text);
        return exact.signum() == 0 && text.startsWith("-") ? NODES.numberNode(-0.0) : NODES.numberNode(exact);
    }
}
