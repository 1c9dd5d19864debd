package dev.pillion.expression;

import com.google.common.collect.ImmutableList;
import com.google.protobuf.ByteString;
import com.google.re2j.Pattern;
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
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * CEL's functions on texts, which look at the sizes of their arguments first. {@code replace} and {@code join} may give a result as long as
 * the product of two arguments, and {@code indexOf}, {@code contains} and {@code matches} may take as long as that.
 */
final class BoundedFunctions implements CelRuntimeLibrary {

    /** Comparisons of characters: about 10 ms. */
    private static final long MAX_COMPARISONS = 4_000_000;

    /** Patterns are constants of profiles and policies ({@link PatternLimits}); more than any catalog has. */
    private static final int MAX_PATTERNS = 1_000;

    private static final Map<String, Pattern> PATTERNS = new ConcurrentHashMap<>();

    /** In characters: no number, time or duration that anybody writes is longer, and reading a number takes more than linear time. */
    private static final int MAX_READ = 256;

    private static final Set<StandardFunction> REPLACED =
            Set.of(StandardFunction.CONTAINS, StandardFunction.MATCHES, StandardFunction.SIZE);

    private static final List<Conversions> READING = List.of(
            Conversions.STRING_TO_BOOL,
            Conversions.STRING_TO_DOUBLE,
            Conversions.STRING_TO_DURATION,
            Conversions.STRING_TO_INT64,
            Conversions.STRING_TO_TIMESTAMP,
            Conversions.STRING_TO_UINT64);

    /** They take time in proportion to the text or the bytes. */
    private static final List<Conversions> COPYING = List.of(Conversions.STRING_TO_BYTES, Conversions.BYTES_TO_STRING);

    /** The standard library without the functions that stand in here. */
    static final CelStandardFunctions STANDARD = CelStandardFunctions.newBuilder()
            .filterFunctions((function, overload) ->
                    !REPLACED.contains(function) && !READING.contains(overload) && !COPYING.contains(overload))
            .build();

    private final CelStringExtensions strings;
    private final CelOptions options;

    BoundedFunctions(CelStringExtensions strings, CelOptions options) {
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
        for (Conversions reading : READING) {
            runtime.addFunctionBindings(bounded(reading.newFunctionBinding(options, equality), MAX_READ));
        }
        for (Conversions copying : COPYING) {
            runtime.addFunctionBindings(bounded(copying.newFunctionBinding(options, equality), Values.MAX_SIZE));
        }
        runtime.addFunctionBindings(
                CelFunctionBinding.from("contains_string", String.class, String.class, (text, part) -> {
                    checkSearch(text, part);
                    return text.contains(part);
                }),
                CelFunctionBinding.from("matches", String.class, String.class, BoundedFunctions::matches),
                CelFunctionBinding.from("matches_string", String.class, String.class, BoundedFunctions::matches));
    }

    /** The lengths of texts take time in proportion to them, and those of maps in proportion to their fields. */
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

    /** CEL's own bindings: the library tells them to nobody but a builder, and only by this method. */
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
                    check(binding.getOverloadId(), arguments);
                    return binding.getDefinition().apply(arguments);
                });
    }

    /** A conversion, of a text or bytes of at most this length. */
    private static CelFunctionBinding bounded(CelFunctionBinding conversion, int longest) {
        return CelFunctionBinding.from(
                conversion.getOverloadId(), ImmutableList.copyOf(conversion.getArgTypes()), arguments -> {
                    int length =
                            arguments[0] instanceof ByteString bytes ? bytes.size() : ((String) arguments[0]).length();
                    if (length > longest) {
                        throw new LimitExceededException("a text of " + length + " characters is converted; at most "
                                + longest + " are allowed");
                    }
                    Work.add(length);
                    return conversion.getDefinition().apply(arguments);
                });
    }

    private static void check(String overload, Object[] arguments) {
        for (Object argument : arguments) {
            Work.add(
                    switch (argument) {
                        case String text -> text.length();
                        case List<?> list -> list.size();
                        default -> 0;
                    });
        }
        switch (overload) {
            case "string_replace_string_string", "string_replace_string_string_int" ->
                checkReplacement((String) arguments[0], (String) arguments[1], (String) arguments[2]);
            case "string_index_of_string",
                    "string_index_of_string_int",
                    "string_last_index_of_string",
                    "string_last_index_of_string_int",
                    "string_split_string",
                    "string_split_string_int" -> checkSearch((String) arguments[0], (String) arguments[1]);
            case "list_join" -> checkJoined((List<?>) arguments[0], "");
            case "list_join_string" -> checkJoined((List<?>) arguments[0], (String) arguments[1]);
            default -> {
                // The others take time in proportion to one argument.
            }
        }
    }

    private static void checkSearch(String text, String part) {
        if (part.length() <= text.length() && (long) text.length() * part.length() > MAX_COMPARISONS) {
            throw new LimitExceededException("a text of " + text.length() + " characters is searched for one of "
                    + part.length() + ", which takes too long");
        }
        Work.add((long) text.length() * part.length());
    }

    private static void checkReplacement(String text, String part, String replacement) {
        checkSearch(text, part);
        long most = text.length() / Math.max(1, part.length()) + 1L;
        if (text.length() + most * replacement.length() > Values.MAX_SIZE && occurrences(text, part, replacement)) {
            throw Values.tooLarge();
        }
    }

    /** Whether there are so many that the result would be too large. */
    private static boolean occurrences(String text, String part, String replacement) {
        long size = text.length() + (part.isEmpty() ? replacement.length() : 0L);
        for (int at = text.indexOf(part);
                at >= 0 && at < text.length();
                at = text.indexOf(part, at + Math.max(1, part.length()))) {
            size += replacement.length() - part.length();
            if (size > Values.MAX_SIZE) {
                return true;
            }
        }
        return false;
    }

    private static void checkJoined(List<?> list, String separator) {
        long size = (long) separator.length() * list.size();
        for (Object element : list) {
            size += element instanceof String text ? text.length() : 0;
            if (size > Values.MAX_SIZE) {
                throw Values.tooLarge();
            }
        }
    }

    /** Whether the text has a match, as CEL has it: not necessarily as a whole. */
    private static boolean matches(String text, String pattern) {
        if (PATTERNS.size() > MAX_PATTERNS) {
            PATTERNS.clear();
        }
        Pattern compiled = PATTERNS.computeIfAbsent(pattern, Pattern::compile);
        if ((long) text.length() * compiled.programSize() > MAX_COMPARISONS) {
            throw new LimitExceededException(
                    "a text of " + text.length() + " characters is matched against a pattern, which takes too long");
        }
        Work.add((long) text.length() * compiled.programSize());
        return compiled.matcher(text).find();
    }
}
