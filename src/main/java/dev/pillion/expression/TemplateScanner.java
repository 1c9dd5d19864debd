package dev.pillion.expression;

import java.util.ArrayList;
import java.util.List;

/** Splits a text into literal parts and the expressions between <code>${</code> and its closing brace. */
final class TemplateScanner {

    sealed interface Piece {}

    record Literal(String text) implements Piece {}

    record Code(String source) implements Piece {}

    private final String text;
    private final List<Piece> pieces = new ArrayList<>();
    private final StringBuilder literal = new StringBuilder();

    private TemplateScanner(String text) {
        this.text = text;
    }

    static List<Piece> scan(String text) throws ExpressionException {
        return new TemplateScanner(text).pieces();
    }

    private List<Piece> pieces() throws ExpressionException {
        int at = 0;
        while (at < text.length()) {
            if (text.startsWith("$${", at)) {
                literal.append("${");
                at += "$${".length();
            } else if (text.startsWith("${", at)) {
                int end = closingBrace(at + "${".length(), at);
                flush();
                pieces.add(new Code(text.substring(at + "${".length(), end).strip()));
                at = end + 1;
            } else {
                literal.append(text.charAt(at++));
            }
        }
        flush();
        return pieces;
    }

    private void flush() {
        if (!literal.isEmpty()) {
            pieces.add(new Literal(literal.toString()));
            literal.setLength(0);
        }
    }

    private int closingBrace(int from, int opening) throws ExpressionException {
        int depth = 0;
        int at = from;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '\'' || c == '"') {
                at = afterString(at);
                continue;
            }
            if (c == '}' && depth-- == 0) {
                return at;
            }
            if (c == '{') {
                depth++;
            }
            at++;
        }
        throw new ExpressionException(
                "the ${ at column " + (opening + 1) + " is never closed; a literal ${ is written $${");
    }

    /** The index after a CEL string literal: single or double quotes, triple quotes, and backslash escapes unless it is raw. */
    private int afterString(int start) {
        String quote = text.substring(start, start + 1);
        String fence = text.startsWith(quote.repeat(3), start) ? quote.repeat(3) : quote;
        boolean raw = start > 0 && (text.charAt(start - 1) == 'r' || text.charAt(start - 1) == 'R');
        int at = start + fence.length();
        while (at < text.length() && !text.startsWith(fence, at)) {
            at += text.charAt(at) == '\\' && !raw ? 2 : 1;
        }
        return Math.min(text.length(), at + fence.length());
    }
}
