package dev.pillion.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pillion.server.configuration.PillionConfig;
import io.smallrye.config.WithName;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code docs/configuration.md} lists each setting of {@link PillionConfig}, and no other. */
class ConfigurationDocumentationTest {

    private static final Path PAGE = Path.of("docs/configuration.md");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| (`pillion\\.[^|]+) \\|");
    private static final Pattern PROPERTY = Pattern.compile("`(pillion\\.[a-z.-]+)`");

    @Test
    void everySettingHasARow() throws IOException {
        Set<String> documented = ROW.matcher(Files.readString(PAGE))
                .results()
                .flatMap(row -> PROPERTY.matcher(row.group(1)).results())
                .map(property -> property.group(1))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(documented)
                .containsExactlyElementsOf(
                        properties("pillion.", PillionConfig.class).collect(Collectors.toCollection(TreeSet::new)));
    }

    private static Stream<String> properties(String prefix, Class<?> group) {
        return Arrays.stream(group.getDeclaredMethods())
                .filter(method -> Modifier.isAbstract(method.getModifiers()))
                .flatMap(method -> isGroup(method.getReturnType())
                        ? properties(prefix + name(method) + ".", method.getReturnType())
                        : Stream.of(prefix + name(method)));
    }

    private static boolean isGroup(Class<?> type) {
        return type.isInterface() && type.getEnclosingClass() == PillionConfig.class;
    }

    /** The name that MicroProfile Config derives from a method. */
    private static String name(Method method) {
        WithName given = method.getAnnotation(WithName.class);
        return given != null
                ? given.value()
                : method.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }
}
