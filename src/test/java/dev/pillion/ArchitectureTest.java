package dev.pillion;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The rooms and their order, as the design draws them: data flows one way, from bytes to bytes. */
class ArchitectureTest {

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.pillion");

    private static final String[] EVERYWHERE = {"java..", "org.jspecify..", "com.google.errorprone.annotations.."};
    private static final String[] JACKSON = {"com.fasterxml.jackson.."};

    /** For each room the packages that it may use beside itself, the JDK and Jackson. */
    private static final Map<String, List<String>> ROOMS = Map.ofEntries(
            Map.entry("yaml", List.of("org.yaml.snakeyaml..")),
            Map.entry(
                    "expression",
                    List.of(
                            "dev.cel..",
                            "com.google.protobuf..",
                            "com.google.common..",
                            "com.google.re2j..",
                            "org.apache.commons.text..")),
            Map.entry("pod", List.of()),
            Map.entry("patch", List.of()),
            Map.entry(
                    "catalog",
                    List.of("dev.pillion.expression", "dev.pillion.pod", "dev.pillion.yaml", "com.google.re2j..")),
            Map.entry(
                    "injection",
                    List.of("dev.pillion.catalog", "dev.pillion.pod", "dev.pillion.patch", "dev.pillion.expression")),
            Map.entry(
                    "admission",
                    List.of(
                            "dev.pillion.injection",
                            "dev.pillion.pod",
                            "dev.pillion.patch",
                            "dev.pillion.catalog",
                            "dev.pillion.expression")),
            Map.entry(
                    "export",
                    List.of(
                            "dev.pillion.injection",
                            "dev.pillion.catalog",
                            "dev.pillion.pod",
                            "dev.pillion.patch",
                            "dev.pillion.expression",
                            "io.fabric8.zjsonpatch..")),
            Map.entry(
                    // It keeps in Secrets and webhook configurations what `certificates` decides, which knows nothing
                    // of either.
                    "cluster",
                    List.of(
                            "dev.pillion.expression",
                            "dev.pillion.catalog",
                            "dev.pillion.certificates",
                            "dev.pillion.pod",
                            "dev.pillion.yaml",
                            "io.fabric8.kubernetes..",
                            "org.jboss.logging..")),
            Map.entry(
                    "cluster.resource",
                    List.of(
                            "io.fabric8.kubernetes..",
                            "io.fabric8.generator.annotation",
                            "io.fabric8.crd.generator..")),
            Map.entry("certificates", List.of("org.bouncycastle..", "javax.security.auth.x500..")));

    @TestFactory
    Stream<DynamicTest> aRoomUsesOnlyTheRoomsBelowIt() {
        return ROOMS.entrySet().stream()
                .map(room -> DynamicTest.dynamicTest(room.getKey(), () -> {
                    String own = "dev.pillion." + room.getKey();
                    String[] allowed = Stream.of(
                                    Stream.of(own), Stream.of(EVERYWHERE), Stream.of(JACKSON), room.getValue().stream())
                            .flatMap(packages -> packages)
                            .toArray(String[]::new);
                    classes()
                            .that()
                            .resideInAPackage(own)
                            .should()
                            .onlyDependOnClassesThat(resideInAnyPackage(allowed)
                                    .or(describe(
                                            "arrays and primitives", type -> type.isPrimitive() || type.isArray())))
                            .check(CLASSES);
                }));
    }

    @Test
    void onlyTheServerAndTheCompositionRootKnowQuarkus() {
        noClasses()
                .that()
                .resideOutsideOfPackages("dev.pillion", "dev.pillion.server..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.quarkus..", "jakarta..", "io.vertx..")
                .check(CLASSES);
    }

    @Test
    void theCommandLineDoesNotReachIntoTheServer() {
        noClasses()
                .that()
                .resideInAPackage("dev.pillion.cli")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.pillion.server..")
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAPackage("dev.pillion.server..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.pillion.cli")
                .check(CLASSES);
    }

    /** It is right for tests, the cluster client and the API's own types, and too slow for the way that a request takes. */
    @Test
    void theTypedModelStaysOffTheRequestPath() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.pillion.cluster..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.fabric8.kubernetes.api.model..")
                .check(CLASSES);
    }

    @Test
    void everyRoomSaysWhatItIsForAndAllowsNoNulls() throws IOException {
        Path root = Path.of("src/main/java/dev/pillion");
        try (Stream<Path> directories = Files.walk(root)) {
            List<Path> rooms = directories.filter(Files::isDirectory).toList();
            for (Path room : rooms) {
                assertThat(room.resolve("package-info.java"))
                        .content()
                        .contains("/**", "@" + NullMarked.class.getSimpleName());
            }
            assertThat(rooms.stream()
                            .map(room -> root.relativize(room).toString().replace('/', '.')))
                    .as("every room is in the drawing")
                    .allMatch(name -> ROOMS.containsKey(name)
                            || List.of("", "server", "server.http", "cli").contains(name));
        }
    }
}
