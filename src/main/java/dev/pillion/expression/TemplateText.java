package dev.pillion.expression;

import dev.pillion.expression.Template.Interpolated;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the expressions in a text. */
public final class TemplateText {

    private TemplateText() {}

    /** The source of the expression, if the whole text is one <code>${…}</code>. */
    public static Optional<String> onlyExpression(String text) {
        try {
            List<TemplateScanner.Piece> pieces = TemplateScanner.scan(text.strip());
            return pieces.size() == 1 && pieces.getFirst() instanceof TemplateScanner.Code(String source)
                    ? Optional.of(source)
                    : Optional.empty();
        } catch (ExpressionException e) {
            return Optional.empty();
        }
    }

    /** The sources of the expressions in a text; none if a brace is not closed. */
    public static List<String> sources(String text) {
        if (!text.contains("${")) {
            return List.of();
        }
        try {
            List<String> sources = new ArrayList<>();
            for (TemplateScanner.Piece piece : TemplateScanner.scan(text)) {
                if (piece instanceof TemplateScanner.Code(String source)) {
                    sources.add(source);
                }
            }
            return sources;
        } catch (ExpressionException e) {
            return List.of();
        }
    }

    /** The text of parts without expressions. */
    static String literal(List<Interpolated.Part> parts) {
        StringBuilder text = new StringBuilder();
        for (Interpolated.Part part : parts) {
            if (part instanceof Interpolated.Text(String literal)) {
                text.append(literal);
            }
        }
        return text.toString();
    }
}
