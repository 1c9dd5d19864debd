package dev.pillion.yaml;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.fasterxml.jackson.dataformat.yaml.util.StringQuotingChecker;
import java.util.Set;
import java.util.regex.Pattern;

/** Writes trees as readable YAML or JSON with the same meaning for all readers. */
public final class YamlWriter {

    private static final YAMLMapper YAML = mapper(true);

    /** For strings with the line breaks that only YAML 1.1 has: a reader would convert them to line feeds in a literal block. */
    private static final YAMLMapper YAML_WITHOUT_BLOCKS = mapper(false);

    private static final Pattern OTHER_LINE_BREAK = Pattern.compile("[\\x85\\u2028\\u2029]");
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private YamlWriter() {}

    public static String yaml(JsonNode tree) {
        try {
            boolean blocks = !OTHER_LINE_BREAK.matcher(tree.toString()).find();
            return (blocks ? YAML : YAML_WITHOUT_BLOCKS).writeValueAsString(tree);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("a tree that cannot be written", e);
        }
    }

    public static String json(JsonNode tree) {
        try {
            return JSON.writeValueAsString(tree) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("a tree that cannot be written", e);
        }
    }

    /** Whether every reader reads the text as the same string if it has no quotes. */
    public static boolean isPlain(String text) {
        return QuoteUnlessPlain.isPlain(text);
    }

    private static YAMLMapper mapper(boolean blocks) {
        return YAMLMapper.builder(YAMLFactory.builder()
                        .stringQuotingChecker(new QuoteUnlessPlain())
                        .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
                        .disable(YAMLGenerator.Feature.SPLIT_LINES)
                        // With few quotes, Jackson writes every string with several lines as a block.
                        .configure(YAMLGenerator.Feature.MINIMIZE_QUOTES, blocks)
                        .configure(YAMLGenerator.Feature.LITERAL_BLOCK_STYLE, blocks)
                        .build())
                .build();
    }

    /** Quotes each string that a reader of YAML 1.1 or 1.2 could read as another type. */
    private static final class QuoteUnlessPlain extends StringQuotingChecker {

        private static final long serialVersionUID = 1;
        private static final Pattern PLAIN = Pattern.compile("[A-Za-z/][A-Za-z0-9_./@-]*(:[A-Za-z0-9_./@-]+)*");
        private static final Set<String> WORDS = Set.of("true", "false", "null", "yes", "no", "on", "off", "y", "n");

        @Override
        public boolean needToQuoteName(String name) {
            return needToQuoteValue(name);
        }

        @Override
        public boolean needToQuoteValue(String value) {
            return !isPlain(value);
        }

        private static boolean isPlain(String value) {
            return PLAIN.matcher(value).matches() && !WORDS.contains(value.toLowerCase(java.util.Locale.ROOT));
        }
    }
}
