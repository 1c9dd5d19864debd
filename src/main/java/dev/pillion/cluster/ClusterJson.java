package dev.pillion.cluster;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.io.IOContext;
import com.fasterxml.jackson.core.util.JsonParserDelegate;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;

/**
 * Reads all JSON that the API server can store. A list must not fail because of one object in it, so values that are nested very deeply are read as
 * empty ones. Pillion does not compile such an object.
 */
final class ClusterJson extends JsonFactory {

    private static final long serialVersionUID = 1;

    /** Several times the limit for profiles and policies, and few enough for the recursion of Jackson. */
    static final int MAX_DEPTH = 200;

    private static final StreamReadConstraints LIMITS = StreamReadConstraints.builder()
            // The API server allows 10,000 levels.
            .maxNestingDepth(20_000)
            // The API server limits only the size of an object.
            .maxNameLength(Integer.MAX_VALUE)
            .build();

    ClusterJson() {
        super(new JsonFactoryBuilder().streamReadConstraints(LIMITS));
        disable(Feature.CANONICALIZE_FIELD_NAMES);
    }

    @Override
    public JsonFactory copy() {
        return new ClusterJson();
    }

    @Override
    protected JsonParser _createParser(InputStream input, IOContext context) throws IOException {
        return new Shallow(super._createParser(input, context));
    }

    @Override
    protected JsonParser _createParser(Reader input, IOContext context) throws IOException {
        return new Shallow(super._createParser(input, context));
    }

    @Override
    protected JsonParser _createParser(byte[] input, int offset, int length, IOContext context) throws IOException {
        return new Shallow(super._createParser(input, offset, length, context));
    }

    @Override
    protected JsonParser _createParser(char[] input, int offset, int length, IOContext context, boolean recyclable)
            throws IOException {
        return new Shallow(super._createParser(input, offset, length, context, recyclable));
    }

    /** Skips the contents of maps and lists below a depth. */
    private static final class Shallow extends JsonParserDelegate {

        private boolean skips;

        Shallow(JsonParser parser) {
            super(parser);
        }

        @Override
        public JsonToken nextToken() throws IOException {
            if (skips) {
                skips = false;
                delegate.skipChildren();
                return delegate.currentToken();
            }
            JsonToken token = delegate.nextToken();
            skips = token != null
                    && token.isStructStart()
                    && delegate.getParsingContext().getNestingDepth() > MAX_DEPTH;
            return token;
        }

        @Override
        public JsonToken nextValue() throws IOException {
            JsonToken token = nextToken();
            return token == JsonToken.FIELD_NAME ? nextToken() : token;
        }
    }
}
