package dev.pillion;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Enforces the packages and the direction of their dependencies. ARCHITECTURE.md describes them. */
class ArchitectureTest {

    private static final String ROOT = "dev.pillion";

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(ROOT);

    /** For each package the packages of Pillion that it may use, in the order of the data flow. A package uses only packages that come before it. */
    private static final Map<String, List<String>> PACKAGES = packages(
            entry("yaml"),
            entry("yaml.splice", "yaml"),
            entry("expression.limit"),
            entry("expression", "expression.limit"),
            entry("pod"),
            entry("patch"),
            entry("certificates"),
            entry("catalog.parameter", "expression", "pod"),
            entry("catalog", "yaml", "expression", "pod", "catalog.parameter"),
            entry("catalog.compile", "yaml", "expression.limit", "expression", "pod", "catalog.parameter", "catalog"),
            entry("catalog.resource", "yaml", "expression", "catalog", "catalog.compile"),
            entry(
                    "catalog.lint",
                    "yaml",
                    "expression",
                    "pod",
                    "catalog.parameter",
                    "catalog",
                    "catalog.compile",
                    "catalog.resource"),
            entry("injection.reason", "expression", "pod", "catalog.parameter"),
            entry("injection.plan", "expression", "pod", "patch", "catalog", "injection.reason"),
            entry("injection.settings", "pod"),
            entry("injection.compare", "expression", "pod"),
            entry(
                    "injection.select",
                    "expression",
                    "pod",
                    "catalog.parameter",
                    "catalog",
                    "injection.reason",
                    "injection.plan",
                    "injection.settings"),
            entry(
                    "injection.render",
                    "expression",
                    "pod",
                    "catalog.parameter",
                    "catalog",
                    "injection.reason",
                    "injection.plan",
                    "injection.settings",
                    "injection.select"),
            entry(
                    "injection.apply",
                    "expression",
                    "pod",
                    "patch",
                    "catalog",
                    "injection.reason",
                    "injection.plan",
                    "injection.settings",
                    "injection.compare",
                    "injection.render"),
            entry(
                    "injection.comply",
                    "expression",
                    "pod",
                    "catalog",
                    "injection.reason",
                    "injection.plan",
                    "injection.settings",
                    "injection.compare",
                    "injection.select",
                    "injection.render",
                    "injection.apply"),
            entry(
                    "injection.uninject",
                    "expression",
                    "pod",
                    "patch",
                    "catalog.parameter",
                    "catalog",
                    "injection.reason",
                    "injection.plan",
                    "injection.render",
                    "injection.apply"),
            entry(
                    "injection",
                    "expression",
                    "pod",
                    "patch",
                    "catalog",
                    "injection.reason",
                    "injection.plan",
                    "injection.settings",
                    "injection.select",
                    "injection.render",
                    "injection.apply",
                    "injection.comply",
                    "injection.uninject"),
            entry(
                    "injection.audit",
                    "pod",
                    "patch",
                    "catalog",
                    "injection.reason",
                    "injection.plan",
                    "injection.apply",
                    "injection.uninject",
                    "injection"),
            entry(
                    "admission",
                    "expression",
                    "pod",
                    "patch",
                    "catalog",
                    "catalog.resource",
                    "catalog.lint",
                    "injection.reason",
                    "injection.plan",
                    "injection"),
            entry("admission.cache", "expression", "pod", "catalog", "injection", "admission"),
            entry(
                    "export",
                    "expression",
                    "pod",
                    "patch",
                    "catalog",
                    "injection.reason",
                    "injection.plan",
                    "injection.settings",
                    "injection"),
            entry("cluster", "yaml", "pod", "catalog", "catalog.resource"),
            entry("cluster.resource"),
            entry("cluster.event", "expression", "cluster"),
            entry("cluster.watch", "pod", "catalog.resource", "cluster", "cluster.event"),
            entry("cluster.certificate", "certificates", "cluster"),
            entry("server.configuration", "injection.settings"),
            entry("server.task", "cluster"),
            entry("server.log", "expression"),
            entry("server.http", "server.configuration"),
            entry(
                    "server.cluster",
                    "pod",
                    "injection.plan",
                    "injection.settings",
                    "injection",
                    "admission",
                    "cluster",
                    "cluster.event",
                    "cluster.watch",
                    "server.configuration",
                    "server.task"),
            entry(
                    "server.caller",
                    "expression",
                    "certificates",
                    "cluster",
                    "server.configuration",
                    "server.task",
                    "server.cluster"),
            entry(
                    "server.catalog",
                    "catalog",
                    "catalog.compile",
                    "catalog.resource",
                    "admission",
                    "cluster",
                    "cluster.watch",
                    "server.configuration",
                    "server.task",
                    "server.cluster"),
            entry(
                    "server.certificate",
                    "certificates",
                    "cluster",
                    "cluster.event",
                    "cluster.certificate",
                    "server.configuration",
                    "server.task",
                    "server.cluster"),
            entry(
                    "server.review",
                    "expression",
                    "catalog",
                    "injection.reason",
                    "injection.plan",
                    "injection",
                    "admission",
                    "admission.cache",
                    "cluster",
                    "server.configuration",
                    "server.log",
                    "server.cluster",
                    "server.caller"),
            entry(
                    "server.audit",
                    "pod",
                    "catalog",
                    "catalog.resource",
                    "injection.reason",
                    "injection.plan",
                    "injection",
                    "injection.audit",
                    "admission",
                    "cluster",
                    "server.configuration",
                    "server.task",
                    "server.cluster",
                    "server.catalog",
                    "server.review"),
            entry(
                    "server",
                    "pod",
                    "certificates",
                    "catalog",
                    "catalog.compile",
                    "admission",
                    "cluster",
                    "cluster.watch",
                    "server.configuration",
                    "server.task",
                    "server.log",
                    "server.http",
                    "server.cluster",
                    "server.catalog",
                    "server.certificate",
                    "server.review"),
            entry("cli.terminal"),
            entry(
                    "cli.manifest",
                    "yaml",
                    "yaml.splice",
                    "expression",
                    "pod",
                    "patch",
                    "injection.apply",
                    "cli.terminal"),
            entry(
                    "cli.option",
                    "yaml",
                    "expression",
                    "pod",
                    "catalog",
                    "catalog.compile",
                    "injection.settings",
                    "cluster",
                    "cli.terminal",
                    "cli.manifest"),
            entry(
                    "cli.simulate",
                    "pod",
                    "patch",
                    "catalog",
                    "injection.reason",
                    "injection.plan",
                    "injection.settings",
                    "injection.select",
                    "injection.apply",
                    "injection",
                    "cli.terminal",
                    "cli.manifest",
                    "cli.option"),
            entry(
                    "cli.live",
                    "expression",
                    "pod",
                    "catalog",
                    "catalog.compile",
                    "catalog.resource",
                    "injection.reason",
                    "injection.settings",
                    "injection.apply",
                    "injection.uninject",
                    "cluster",
                    "cli.terminal",
                    "cli.manifest",
                    "cli.option"),
            entry(
                    "cli.audit",
                    "yaml",
                    "pod",
                    "catalog",
                    "catalog.compile",
                    "catalog.resource",
                    "injection.reason",
                    "injection.settings",
                    "injection",
                    "injection.audit",
                    "cluster",
                    "cli.terminal",
                    "cli.manifest",
                    "cli.option",
                    "cli.live"),
            entry("cli.certs", "certificates", "cli.terminal", "cli.manifest", "cli.option"),
            entry(
                    "cli.check",
                    "yaml",
                    "expression",
                    "pod",
                    "catalog",
                    "catalog.compile",
                    "catalog.lint",
                    "injection.reason",
                    "injection.plan",
                    "injection.settings",
                    "injection",
                    "cli.terminal",
                    "cli.manifest",
                    "cli.option",
                    "cli.simulate"),
            entry(
                    "cli.doctor.check",
                    "yaml",
                    "pod",
                    "certificates",
                    "catalog",
                    "catalog.resource",
                    "cluster",
                    "cli.option"),
            entry("cli.doctor", "yaml", "cluster", "cli.terminal", "cli.manifest", "cli.option", "cli.doctor.check"),
            entry(
                    "cli.explain",
                    "yaml",
                    "pod",
                    "patch",
                    "catalog",
                    "catalog.resource",
                    "injection.reason",
                    "injection.plan",
                    "injection.select",
                    "injection.uninject",
                    "injection",
                    "injection.audit",
                    "cluster",
                    "cli.terminal",
                    "cli.manifest",
                    "cli.option",
                    "cli.live",
                    "cli.simulate"),
            entry(
                    "cli.plan",
                    "yaml",
                    "pod",
                    "catalog",
                    "catalog.compile",
                    "catalog.resource",
                    "injection.reason",
                    "injection.plan",
                    "injection.uninject",
                    "injection",
                    "injection.audit",
                    "cluster",
                    "cli.terminal",
                    "cli.manifest",
                    "cli.option",
                    "cli.live",
                    "cli.simulate"),
            entry(
                    "cli.profiles",
                    "yaml",
                    "expression",
                    "catalog.parameter",
                    "catalog",
                    "injection.reason",
                    "cli.terminal",
                    "cli.manifest",
                    "cli.option"),
            entry(
                    "cli.rollout",
                    "yaml",
                    "pod",
                    "catalog",
                    "catalog.resource",
                    "injection.reason",
                    "injection.settings",
                    "injection",
                    "injection.plan",
                    "injection.audit",
                    "cluster",
                    "cli.terminal",
                    "cli.manifest",
                    "cli.option",
                    "cli.live"),
            entry("cli.serve", "cluster", "cli.manifest", "cli.option"),
            entry(
                    "cli",
                    "yaml",
                    "expression",
                    "pod",
                    "patch",
                    "catalog",
                    "injection.reason",
                    "injection.settings",
                    "injection.uninject",
                    "export",
                    "cli.terminal",
                    "cli.manifest",
                    "cli.option",
                    "cli.simulate",
                    "cli.audit",
                    "cli.certs",
                    "cli.check",
                    "cli.doctor",
                    "cli.explain",
                    "cli.plan",
                    "cli.profiles",
                    "cli.rollout",
                    "cli.serve"));

    /** For each package and its subpackages the libraries that it may use in addition to the JDK, Jackson and annotations. */
    private static final Map<String, List<String>> LIBRARIES = Map.ofEntries(
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
            Map.entry("certificates", List.of("org.bouncycastle..", "javax.security.auth.x500..")),
            Map.entry("catalog", List.of("com.google.re2j..")),
            Map.entry("injection", List.of()),
            Map.entry("admission", List.of()),
            Map.entry("export", List.of("io.fabric8.zjsonpatch..")),
            Map.entry(
                    "cluster",
                    List.of(
                            "io.fabric8.kubernetes..",
                            "io.fabric8.generator.annotation",
                            "io.fabric8.crd.generator..",
                            "org.jboss.logging..",
                            "javax.net.ssl..")));

    private static List<String> entry(String name, String... uses) {
        List<String> entry = new ArrayList<>(List.of(name));
        entry.addAll(List.of(uses));
        return entry;
    }

    @SafeVarargs
    private static Map<String, List<String>> packages(List<String>... entries) {
        Map<String, List<String>> packages = new LinkedHashMap<>();
        for (List<String> entry : entries) {
            assertThat(packages.keySet())
                    .as("packages before " + entry.getFirst())
                    .containsAll(entry.subList(1, entry.size()));
            packages.put(entry.getFirst(), entry.subList(1, entry.size()));
        }
        return packages;
    }

    @TestFactory
    Stream<DynamicTest> aPackageUsesOnlyThePackagesOfItsEntry() {
        return PACKAGES.entrySet().stream()
                .map(entry -> DynamicTest.dynamicTest(entry.getKey(), () -> {
                    String own = ROOT + "." + entry.getKey();
                    String[] allowed = Stream.concat(
                                    Stream.of(own), entry.getValue().stream().map(use -> ROOT + "." + use))
                            .toArray(String[]::new);
                    noClasses()
                            .that()
                            .resideInAPackage(own)
                            .should()
                            .dependOnClassesThat(resideInAPackage(ROOT + "..").and(not(resideInAnyPackage(allowed))))
                            .check(CLASSES);
                }));
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching(ROOT + ".(**)").should().beFreeOfCycles().check(CLASSES);
    }

    @TestFactory
    Stream<DynamicTest> aPackageUsesOnlyItsLibraries() {
        return LIBRARIES.entrySet().stream()
                .map(entry -> DynamicTest.dynamicTest(entry.getKey(), () -> {
                    String[] allowed = Stream.concat(
                                    Stream.of(
                                            ROOT + "..",
                                            "java..",
                                            "com.fasterxml.jackson..",
                                            "org.jspecify..",
                                            "com.google.errorprone.annotations.."),
                                    entry.getValue().stream())
                            .toArray(String[]::new);
                    noClasses()
                            .that()
                            .resideInAPackage(ROOT + "." + entry.getKey() + "..")
                            .should()
                            .dependOnClassesThat(not(resideInAnyPackage(allowed)))
                            .check(CLASSES.that(resideInAPackage(ROOT + "..")));
                }));
    }

    @Test
    void onlyTheServerAndMainUseQuarkus() {
        noClasses()
                .that()
                .resideOutsideOfPackages(ROOT, ROOT + ".server..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.quarkus..", "jakarta..", "io.vertx..")
                .check(CLASSES);
    }

    @Test
    void onlyTheServerReadsItsConfiguration() {
        noClasses()
                .that()
                .resideOutsideOfPackages(ROOT + ".server..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(ROOT + ".server.configuration")
                .check(CLASSES);
    }

    /** The typed model is too slow for the request path. Tests, the client of the cluster and the types of the CRDs use it. */
    @Test
    void theRequestPathDoesNotUseTheTypedModelOfKubernetes() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".cluster..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.fabric8.kubernetes.api.model..")
                .check(CLASSES);
    }

    /** The custom resource definitions are generated from these types, and nothing reads them at run time. */
    @Test
    void theTypesOfTheCustomResourcesUseNothingOfPillion() {
        classes()
                .that()
                .resideInAPackage(ROOT + ".cluster.resource")
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(
                        ROOT + ".cluster.resource",
                        "java..",
                        "com.fasterxml.jackson..",
                        "org.jspecify..",
                        "io.fabric8.."))
                .check(CLASSES);
    }

    @Test
    void everyPackageHasAnEntryAndADescriptionAndAllowsNoNulls() throws IOException {
        Path root = Path.of("src/main/java/dev/pillion");
        try (Stream<Path> directories = Files.walk(root)) {
            List<Path> packages = directories
                    .filter(Files::isDirectory)
                    .filter(directory -> !directory.equals(root))
                    .filter(ArchitectureTest::hasClasses)
                    .toList();
            for (Path directory : packages) {
                assertThat(directory.resolve("package-info.java"))
                        .content()
                        .contains("/**", "@" + NullMarked.class.getSimpleName());
            }
            assertThat(packages.stream()
                            .map(directory ->
                                    root.relativize(directory).toString().replace('/', '.')))
                    .containsExactlyInAnyOrderElementsOf(PACKAGES.keySet());
        }
    }

    private static boolean hasClasses(Path directory) {
        String[] files = directory.toFile().list((parent, name) -> name.endsWith(".java"));
        return files != null && files.length > 0;
    }
}
