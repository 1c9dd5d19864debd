package dev.pillion.expression;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelProtoAbstractSyntaxTree;
import dev.cel.expr.CheckedExpr;
import java.io.IOException;
import java.io.UncheckedIOException;

/** The binary form of a checked expression. */
final class CheckedExpression {

    private CheckedExpression() {}

    static CelAbstractSyntaxTree read(byte[] bytes) {
        try {
            return CelProtoAbstractSyntaxTree.fromCheckedExpr(CheckedExpr.parseFrom(bytes))
                    .getAst();
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException("not a checked expression", e);
        }
    }

    /** The same bytes for the same expression: Protocol Buffers do not define the order of maps. */
    static byte[] write(CelAbstractSyntaxTree ast) {
        CheckedExpr expression = CelProtoAbstractSyntaxTree.fromCelAst(ast).toCheckedExpr();
        byte[] bytes = new byte[expression.getSerializedSize()];
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        out.useDeterministicSerialization();
        try {
            expression.writeTo(out);
        } catch (IOException e) {
            throw new UncheckedIOException("a checked expression in memory", e);
        }
        return bytes;
    }
}
