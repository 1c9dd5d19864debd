package dev.pillion.expression;

import com.google.common.collect.ImmutableCollection;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.cel.common.types.CelType;
import dev.cel.common.types.CelTypeProvider;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.StructType;
import dev.cel.common.types.StructTypeReference;
import dev.pillion.expression.Type.ListOf;
import dev.pillion.expression.Type.MapOf;
import dev.pillion.expression.Type.Scalar;
import dev.pillion.expression.Type.Struct;
import java.util.Map;
import java.util.Optional;

/** Converts between CEL's types and those of a {@link Schema}. */
final class CelTypes {

    private CelTypes() {}

    static Type type(String source, CelType type) throws ExpressionException {
        return switch (type.kind()) {
            case STRING -> Scalar.STRING;
            case INT -> Scalar.INTEGER;
            case DOUBLE -> Scalar.NUMBER;
            case BOOL -> Scalar.BOOLEAN;
            case LIST -> new ListOf(type(source, type.parameters().getFirst()));
            case MAP -> new MapOf(type(source, type.parameters().getLast()));
            case STRUCT -> new Struct(type.name());
            case DYN, ANY, TYPE_PARAM, NULL_TYPE -> Scalar.ANY;
            default ->
                throw new ExpressionException(Expression.quoted(source) + ": a " + type.name()
                        + " cannot be written to a Pod; wrap it in string(…) or int(…)");
        };
    }

    static CelType celType(Type type) {
        return switch (type) {
            case Scalar scalar ->
                switch (scalar) {
                    case STRING, EXPANDED_STRING -> SimpleType.STRING;
                    case INTEGER -> SimpleType.INT;
                    case BOOLEAN -> SimpleType.BOOL;
                    case ANY, NUMBER, INTEGER_OR_STRING, QUANTITY -> SimpleType.DYN;
                };
            case ListOf(Type element) -> ListType.create(celType(element));
            case MapOf(Type value) -> MapType.create(SimpleType.STRING, celType(value));
            case Struct(String name) -> StructTypeReference.create(name);
        };
    }

    /** The structures of a schema for CEL's checker. A schema is immutable, but Error Prone cannot know that of a Map. */
    @SuppressWarnings("Immutable")
    record OfSchema(Schema schema) implements CelTypeProvider {

        @Override
        public ImmutableCollection<CelType> types() {
            return ImmutableList.of();
        }

        @Override
        public Optional<CelType> findType(String name) {
            Map<String, Type> fields = schema.fields(name);
            return fields.isEmpty() && !schema.structs().containsKey(name)
                    ? Optional.empty()
                    : Optional.of(StructType.create(
                            name, ImmutableSet.copyOf(fields.keySet()), field -> Optional.ofNullable(fields.get(field))
                                    .map(CelTypes::celType)));
        }
    }
}
