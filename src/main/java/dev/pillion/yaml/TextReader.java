package dev.pillion.yaml;

import java.util.BitSet;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.reader.ReaderException;
import org.yaml.snakeyaml.reader.StreamReader;

/**
 * Gives SnakeYAML a text in memory. SnakeYAML's own reader copies the beginning of a token for each further 1,024 characters, so that a comment of
 * 10 MB takes more than a minute.
 */
public final class TextReader extends StreamReader {

    private static final String NAME = "'reader'";
    private static final int BYTE_ORDER_MARK = 0xFEFF;

    private final int[] codePoints;

    /** The tabs that separate tokens on one line. kubectl reads them as spaces, but SnakeYAML's scanner does so in scalars only. */
    private final BitSet separators = new BitSet();

    /** The next code point's index in the text. */
    private int at;

    private int documentIndex;
    private int line;
    private int column;

    /**
     * @param line of the first code point, from 0
     * @throws ReaderException for a character that YAML does not allow
     */
    public TextReader(int[] codePoints, int line) {
        super("");
        this.codePoints = codePoints;
        this.line = line;
        for (int index = 0; index < codePoints.length; index++) {
            if (!isPrintable(codePoints[index])) {
                throw new ReaderException(NAME, index, codePoints[index], "special characters are not allowed");
            }
        }
        findSeparators();
    }

    private void findSeparators() {
        boolean indentation = true;
        for (int index = 0; index < codePoints.length; index++) {
            int codePoint = codePoints[index];
            if (codePoint == '\r' || isLineBreak(codePoint)) {
                indentation = true;
            } else if (codePoint == '\t' && !indentation) {
                separators.set(index, codePoints[index - 1] != '\\');
            } else if (codePoint != ' ' && codePoint != '\t') {
                indentation = false;
            }
        }
    }

    @Override
    public Mark getMark() {
        return new Mark(NAME, at, line, column, codePoints, at);
    }

    @Override
    public void forward() {
        forward(1);
    }

    @Override
    public void forward(int length) {
        for (int count = 0; count < length && at < codePoints.length; count++) {
            int passed = codePoints[at++];
            documentIndex++;
            if (isLineBreak(passed) || (passed == '\r' && at < codePoints.length && codePoints[at] != '\n')) {
                line++;
                column = 0;
            } else if (passed != BYTE_ORDER_MARK) {
                column++;
            }
        }
    }

    /** A line break of YAML 1.1, except the carriage return. */
    private static boolean isLineBreak(int codePoint) {
        return codePoint == '\n' || codePoint == 0x85 || codePoint == 0x2028 || codePoint == 0x2029;
    }

    @Override
    public int peek() {
        return peek(0);
    }

    @Override
    public int peek(int distance) {
        if (distance >= codePoints.length - at) {
            return 0;
        }
        return separators.get(at + distance) ? ' ' : codePoints[at + distance];
    }

    @Override
    public String prefix(int length) {
        return new String(codePoints, at, Math.min(length, codePoints.length - at));
    }

    @Override
    public String prefixForward(int length) {
        String prefix = prefix(length);
        at += length;
        documentIndex += length;
        // SnakeYAML only reads parts of one line.
        column += length;
        return prefix;
    }

    @Override
    public int getColumn() {
        return column;
    }

    @Override
    public int getDocumentIndex() {
        return documentIndex;
    }

    @Override
    public void resetDocumentIndex() {
        documentIndex = 0;
    }

    @Override
    public int getIndex() {
        return at;
    }

    @Override
    public int getLine() {
        return line;
    }
}
