package dev.pillion;

import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_THROW_GENERIC_EXCEPTIONS;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_USE_FIELD_INJECTION;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.cel.runtime.CelRuntimeLibrary;
import dev.pillion.cli.AotTraining;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;

/** The rules of CONTRIBUTING.md that a machine can check. {@code ArchitectureTest} checks the dependencies between packages. */
class HouseRulesTest {

    private static final JavaClasses MAIN = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.pillion");

    private static final JavaClasses TESTS = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.ONLY_INCLUDE_TESTS)
            .importPackages("dev.pillion");

    private static final String[] CORE = {
        "dev.pillion.yaml..",
        "dev.pillion.expression..",
        "dev.pillion.pod..",
        "dev.pillion.patch..",
        "dev.pillion.certificates..",
        "dev.pillion.catalog..",
        "dev.pillion.injection..",
        "dev.pillion.admission..",
        "dev.pillion.export.."
    };

    /** {@code KeyManager} is Java's own name. */
    @Test
    void aClassIsNamedAfterWhatItDoes() {
        noClasses()
                .that()
                .areNotAssignableTo(KeyManager.class)
                .should()
                .haveNameMatching(".*(Util|Utils|Helper|Manager|Impl|Data)(\\$.*)?")
                .check(MAIN);
    }

    /** CEL's interface for libraries has methods with this name. */
    @Test
    void classesHaveNoPublicSetters() {
        noMethods()
                .that()
                .arePublic()
                .and()
                .areDeclaredInClassesThat()
                .areNotAssignableTo(CelRuntimeLibrary.class)
                .should()
                .haveNameMatching("set[A-Z].*")
                .check(MAIN);
    }

    @Test
    void thePublicExceptionsHaveThatSuffix() {
        classes()
                .that()
                .arePublic()
                .and()
                .areAssignableTo(Throwable.class)
                .should()
                .haveSimpleNameEndingWith("Exception")
                .check(MAIN);
    }

    @Test
    void exceptionsHaveASpecificType() {
        NO_CLASSES_SHOULD_THROW_GENERIC_EXCEPTIONS.check(MAIN);
    }

    /** One format, one level and one escaping apply to all records. */
    @Test
    void classesDoNotUseJavaUtilLogging() {
        NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING.check(MAIN);
    }

    /** The server replaces both streams before it logs. It prints two lines itself: its address, and the reason if it cannot start. */
    @Test
    void onlyTheCommandLinePrints() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.pillion.cli..")
                .and()
                .haveNameNotMatching("dev\\.pillion\\.server\\..*(AsyncConsole|WebhookServer)(\\$.*)?")
                .should()
                .accessTargetWhere(target(owner(name("java.lang.System"))).and(target(nameMatching("out|err"))))
                .check(MAIN);
    }

    @Test
    void onlyEntryPointsExitTheProcess() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName(Main.class.getName())
                .and()
                .doNotHaveFullyQualifiedName(AotTraining.class.getName())
                .should()
                .callMethod(System.class, "exit", int.class)
                .check(MAIN);
    }

    @Test
    void beansGetTheirDependenciesByConstructor() {
        NO_CLASSES_SHOULD_USE_FIELD_INJECTION.check(MAIN);
    }

    /** The same input gives the same decision, and tests need no clock. */
    @Test
    void theCoreGetsTheTimeFromItsCaller() {
        noClasses()
                .that()
                .resideInAnyPackage(CORE)
                .should()
                .callMethod(Instant.class, "now")
                .orShould()
                .callMethod(Clock.class, "systemUTC")
                .orShould()
                .callMethod(InstantSource.class, "system")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .check(MAIN);
    }

    /** A request must not wait for a disk or a network. */
    @Test
    void aDecisionDoesNoInputOrOutput() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "dev.pillion.expression..",
                        "dev.pillion.pod..",
                        "dev.pillion.patch..",
                        "dev.pillion.injection..",
                        "dev.pillion.admission..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.nio.file..", "java.nio.channels..", "java.net.http..")
                .orShould()
                .dependOnClassesThat()
                .haveNameMatching("java\\.io\\.File.*|java\\.net\\..*Socket")
                .check(MAIN);
    }

    /** Tests wait for a condition. A pause is too short on a busy machine and too long on others. */
    @Test
    void testsDoNotSleep() {
        noClasses()
                .should()
                .callMethod(Thread.class, "sleep", long.class)
                .orShould()
                .callMethod(Thread.class, "sleep", java.time.Duration.class)
                .orShould()
                .callMethod(TimeUnit.class, "sleep", long.class)
                .check(TESTS);
    }

    /** Maven runs only classes with these suffixes. */
    @Test
    void testsAreInClassesThatTheBuildRuns() {
        methods()
                .that()
                .areAnnotatedWith(Test.class)
                .or()
                .areAnnotatedWith(ParameterizedTest.class)
                .or()
                .areAnnotatedWith(TestFactory.class)
                .should()
                .beDeclaredInClassesThat()
                .haveNameMatching(".*(Test|IT)(\\$.*)?")
                .check(TESTS);
    }
}
