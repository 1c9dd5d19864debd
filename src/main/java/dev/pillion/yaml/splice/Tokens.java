package dev.pillion.yaml.splice;

import dev.pillion.yaml.Segment;
import dev.pillion.yaml.TextReader;
import dev.pillion.yaml.YamlReader;
import org.yaml.snakeyaml.scanner.Scanner;
import org.yaml.snakeyaml.scanner.ScannerImpl;
import org.yaml.snakeyaml.tokens.Token;
import org.yaml.snakeyaml.tokens.Token.ID;

/** The tokens of a text with their positions in the text. */
final class Tokens {

    private final Scanner scanner;
    private final int[] offsets;

    Tokens(Segment segment) {
        this.scanner = new ScannerImpl(new TextReader(segment.codePoints(), segment.line()), YamlReader.options());
        this.offsets = segment.offsets();
    }

    /** Whether the next token is one of these. */
    boolean at(ID... ids) {
        return scanner.checkToken(ids);
    }

    Token next() {
        scanner.peekToken();
        return scanner.getToken();
    }

    int start(Token token) {
        return offsets[token.getStartMark().getIndex()];
    }

    int end(Token token) {
        return offsets[token.getEndMark().getIndex()];
    }

    int startOfNext() {
        return start(scanner.peekToken());
    }
}
