package dev.pillion.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Random JSON trees with texts that YAML, JSON Pointers and expressions are most likely to misread. The three line breaks that only YAML 1.1
 * has (U+0085, U+2028, U+2029) are excluded, because readers disagree on them.
 */
public final class RandomTree {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    /** Separated by blanks: what could be taken for a number, a word or a mark of YAML, or needs escaping in a pointer or a template. */
    private static final String MARKS = """
            # a#b a:b :a a: - -- --- ... | > & * ! % @ ` ' " a'b a"b \\ \\n [ ] { } , ? [a] {a} &a *a !a %a @a `a "a" 'a'
            0 1 -1 +1 0644 0o644 08 1e3 1E-3 -1.5e+10 0x1F 0b11 1_000 1. .5 -.5 1.5 1:30 190:20:30 22:22:22.5 .inf -.INF
            .nan NaN Infinity 2001-01-01 2001-12-14t21:59:43.10-05:00 ~ null Null NULL true True TRUE false yes Yes YES no
            No on On off OFF y Y n N << = a/b a~b ~1 ~0 / a.b/c ${x} $${x} $(X) $ %s ü 日本語 😀
            """;

    /** Separated by bars: blanks, line breaks and control characters where they are easily lost. */
    private static final String TEXTS =
            "|  two before|two after  |\ttab before|tab after\t|a\tb|# a|a #b|: |a: b|- x|--- a|? a|!!int 1|a, b"
                    + "|\n|\n\n|a\n|a\n\n|a\nb|\na|a\n\nb\n| a\nb|a\n b\n|a \nb|a\r\nb|a\rb|\r|a\n |a\n\t|a😀b\n"
                    + "|\0|\1|\7|\b|\033[31m|\177|\u00a0|\u00ad|\u200b|\ufeff|\ufffd|\ufeffa\nb";

    private static final List<String> NASTY = Stream.concat(
                    Arrays.stream(MARKS.strip().split("\\s+")), Arrays.stream(TEXTS.split("\\|", -1)))
            .toList();

    private RandomTree() {}

    /** Any JSON value, at most {@code depth} lists and maps deep. */
    public static JsonNode value(Random random, int depth) {
        return switch (random.nextInt(depth > 0 ? 9 : 6)) {
            case 0, 1, 2 -> NODES.textNode(text(random));
            case 3 -> number(random);
            case 4 -> NODES.booleanNode(random.nextBoolean());
            case 5 -> NODES.nullNode();
            case 6 -> list(random, depth - 1);
            default -> map(random, depth - 1);
        };
    }

    public static ArrayNode list(Random random, int depth) {
        ArrayNode list = NODES.arrayNode();
        for (int size = random.nextInt(4); size > 0; size--) {
            list.add(value(random, depth));
        }
        return list;
    }

    public static ObjectNode map(Random random, int depth) {
        ObjectNode map = NODES.objectNode();
        for (int size = random.nextInt(4); size > 0; size--) {
            map.set(text(random), value(random, depth));
        }
        return map;
    }

    public static String text(Random random) {
        return switch (random.nextInt(8)) {
            case 0 -> nasty(random) + nasty(random);
            case 1 -> lines(random);
            case 2 -> characters(random);
            case 3 -> "x".repeat(random.nextInt(300));
            default -> nasty(random);
        };
    }

    private static String nasty(Random random) {
        return NASTY.get(random.nextInt(NASTY.size()));
    }

    private static String lines(Random random) {
        StringBuilder text = new StringBuilder();
        for (int count = random.nextInt(5); count > 0; count--) {
            text.append(" ".repeat(random.nextInt(3))).append(nasty(random)).append("\n".repeat(random.nextInt(3)));
        }
        return text.toString();
    }

    /** Any characters but halves of surrogate pairs, which UTF-8 has no form for, and YAML's own line breaks. */
    private static String characters(Random random) {
        StringBuilder text = new StringBuilder();
        for (int count = random.nextInt(6); count > 0; count--) {
            int character = random.nextBoolean() ? random.nextInt(0x80) : random.nextInt(Character.MAX_CODE_POINT);
            if (Character.getType(character) != Character.SURROGATE && "\u0085\u2028\u2029".indexOf(character) < 0) {
                text.appendCodePoint(character);
            }
        }
        return text.toString();
    }

    /** A number in the smallest node type for its digits, which is the result of reading it. */
    private static JsonNode number(Random random) {
        return switch (random.nextInt(6)) {
            case 0 -> NODES.numberNode(random.nextInt(10) - 5);
            case 1 -> NODES.numberNode(random.nextInt());
            case 2 -> NODES.numberNode((1L << 31) + (random.nextLong() >>> 2));
            case 3 -> NODES.numberNode(BigInteger.ONE.shiftLeft(64).add(new BigInteger(90, random)));
            case 4 -> NODES.numberNode(new BigDecimal("0." + random.nextInt(1_000_000) + "0"));
            default -> NODES.numberNode(new BigDecimal(random.nextInt(1, 1_000) + ".5E" + 2 * random.nextInt(-20, 20)));
        };
    }
}
