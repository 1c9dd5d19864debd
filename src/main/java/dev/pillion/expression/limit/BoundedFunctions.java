package dev.pillion.expression.limit;

import com.google.common.collect.ImmutableList;
import com.google.protobuf.ByteString;
import dev.cel.common.CelOptions;
import dev.cel.extensions.CelStringExtensions;
import dev.cel.runtime.CelFunctionBinding;
import dev.cel.runtime.CelRuntimeBuilder;
import dev.cel.runtime.CelRuntimeLibrary;
import dev.cel.runtime.CelStandardFunctions;
import dev.cel.runtime.CelStandardFunctions.StandardFunction;
import dev.cel.runtime.CelStandardFunctions.StandardFunction.Overload.Conversions;
import dev.cel.runtime.RuntimeEquality;
import dev.cel.runtime.RuntimeHelpers;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * CEL's functions on strings with a check of the arguments' sizes. The result of {@code replace} and {@code join} can be as long as the
 * product of two arguments, and {@code indexOf}, {@code contains} and {@code matches} can take that much time.
 */
public final class BoundedFunctions implements CelRuntimeLibrary {

    /** In characters: no number, time or duration is longer in practice, and reading a number takes more than linear time. */
    private static final int MAX_PARSED = 256;

    private static final Set<StandardFunction> REPLACED =
            Set.of(StandardFunction.CONTAINS, StandardFunction.MATCHES, StandardFunction.SIZE);

    private static final List<Conversions> PARSING = List.of(
            Conversions.STRING_TO_BOOL,
            Conversions.STRING_TO_DOUBLE,
            Conversions.STRING_TO_DURATION,
            Conversions.STRING_TO_INT64,
            Conversions.STRING_TO_TIMESTAMP,
            Conversions.STRING_TO_UINT64);

    /** These take time in proportion to the string or the bytes. */
    private static final List<Conversions> COPYING = List.of(Conversions.STRING_TO_BYTES, Conversions.BYTES_TO_STRING);

    /** The standard library without the functions that this class replaces. */
    public static final CelStandardFunctions STANDARD = CelStandardFunctions.newBuilder()
            .filterFunctions((function, overload) ->
                    !REPLACED.contains(function) && !PARSING.contains(overload) && !COPYING.contains(overload))
            .build();

    private final CelStringExtensions strings;
    private final CelOptions options;

    public BoundedFunctions(CelStringExtensions strings, CelOptions options) {
        this.strings = strings;
        this.options = options;
    }

    @Override
    public void setRuntimeOptions(CelRuntimeBuilder runtime) {
        for (CelFunctionBinding binding : bindings()) {
            runtime.addFunctionBindings(bounded(binding));
        }
        runtime.addFunctionBindings(sizes());
        RuntimeEquality equality = RuntimeEquality.create(RuntimeHelpers.create(), options);
        for (Conversions reading : PARSING) {
            runtime.addFunctionBindings(bounded(reading.newFunctionBinding(options, equality), MAX_PARSED));
        }
        for (Conversions copying : COPYING) {
            runtime.addFunctionBindings(bounded(copying.newFunctionBinding(options, equality), ValueLimits.MAX_SIZE));
        }
        runtime.addFunctionBindings(
                CelFunctionBinding.from("contains_string", String.class, String.class, (text, part) -> {
                    ArgumentLimits.checkSearch(text, part);
                    return text.contains(part);
                }),
                CelFunctionBinding.from("matches", String.class, String.class, ArgumentLimits::matches),
                CelFunctionBinding.from("matches_string", String.class, String.class, ArgumentLimits::matches));
    }

    /** The size of a string takes time in proportion to its length, and the size of a map in proportion to its fields. */
    private static List<CelFunctionBinding> sizes() {
        return Stream.of("size_%s", "%s_size")
                .flatMap(name -> Stream.of(
                        CelFunctionBinding.from(name.formatted("string"), String.class, text -> {
                            Work.add(text.length());
                            return (long) text.codePointCount(0, text.length());
                        }),
                        CelFunctionBinding.from(
                                name.formatted("bytes"), ByteString.class, bytes -> (long) bytes.size()),
                        CelFunctionBinding.from(name.formatted("list"), List.class, list -> (long) list.size()),
                        CelFunctionBinding.from(name.formatted("map"), Map.class, map -> (long) map.size())))
                .toList();
    }

    /** CEL's own bindings. The library passes them to a builder only, so a proxy of a builder collects them. */
    private List<CelFunctionBinding> bindings() {
        List<CelFunctionBinding> bindings = new ArrayList<>();
        strings.setRuntimeOptions((CelRuntimeBuilder) Proxy.newProxyInstance(
                CelRuntimeBuilder.class.getClassLoader(),
                new Class<?>[] {CelRuntimeBuilder.class},
                (builder, method, arguments) -> {
                    for (Object argument : arguments) {
                        switch (argument) {
                            case CelFunctionBinding[] several -> bindings.addAll(List.of(several));
                            case Iterable<?> several ->
                                several.forEach(binding -> bindings.add((CelFunctionBinding) binding));
                            default -> throw new IllegalStateException("unknown: " + method);
                        }
                    }
                    return builder;
                }));
        return bindings;
    }

    private static CelFunctionBinding bounded(CelFunctionBinding binding) {
        return CelFunctionBinding.from(
                binding.getOverloadId(), ImmutableList.copyOf(binding.getArgTypes()), arguments -> {
                    ArgumentLimits.check(binding.getOverloadId(), arguments);
                    return binding.getDefinition().apply(arguments);
                });
    }

    /** A conversion that takes strings or bytes of at most this length. */
    private static CelFunctionBinding bounded(CelFunctionBinding conversion, int maxLength) {
        return CelFunctionBinding.from(
                conversion.getOverloadId(), ImmutableList.copyOf(conversion.getArgTypes()), arguments -> {
                    int length =
                            arguments[0] instanceof ByteString bytes ? bytes.size() : ((String) arguments[0]).length();
                    if (length > maxLength) {
                        throw new LimitExceededException("a text of " + length + " characters is converted; at most "
                                + maxLength + " are allowed");
                    }
                    Work.add(length);
                    return conversion.getDefinition().apply(arguments);
                });
    }
}
