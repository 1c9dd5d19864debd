package dev.pillion.cli.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pillion.cli.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckCommandTest extends CheckedDirectory {

    @BeforeEach
    void writeProfile() throws IOException {
        write("greeting.yaml", PROFILE);
    }

    /** A link can lead to the directory of another team. */
    @Test
    void doesNotWriteThroughALink(@TempDir Path elsewhere) throws IOException {
        Files.createDirectories(elsewhere.resolve("case"));
        Files.writeString(elsewhere.resolve("case/pod.yaml"), POD);
        Files.writeString(elsewhere.resolve("own.yaml"), "code: not-requested\n");
        Files.createDirectories(directory.resolve("cases"));
        Files.createSymbolicLink(directory.resolve("cases/linked"), elsewhere.resolve("case"));
        write("cases/real/pod.yaml", POD);
        Files.createSymbolicLink(directory.resolve("cases/real/unchanged.yaml"), elsewhere.resolve("own.yaml"));

        Run update = check("--update");

        assertThat(update.code()).isEqualTo(1);
        assertThat(update.out())
                .contains("FAIL  cases/linked")
                .contains(
                        directory.resolve("cases/linked")
                                + " is a symbolic link; check --update does not follow links, so update the case in its own directory")
                .contains(directory.resolve("cases/real/unchanged.yaml") + " is a symbolic link");
        assertThat(elsewhere.resolve("case")).isDirectoryNotContaining("glob:**/injected.yaml");
        assertThat(elsewhere.resolve("own.yaml")).hasContent("code: not-requested");
        assertThat(directory.resolve("cases/real/unchanged.yaml")).isSymbolicLink();
        assertThat(directory.resolve("cases/real/injected.yaml")).doesNotExist();
    }

    @Test
    void writesTheResultOfEachPodAndPassesAfterwards() throws IOException {
        write("cases/greeted/pod.yaml", POD);
        write("cases/mistyped/pod.yaml", POD.replace("greeting}", "greting}"));
        write("cases/silent/pod.yaml", POD.replace("pillion.dev/inject: greeting", ""));

        Run update = check("--update");
        Run run = check();

        assertThat(update.code()).isZero();
        assertThat(update.out()).isEqualTo("""
                        wrote cases/greeted (injected.yaml)
                        wrote cases/mistyped (denied.yaml)
                        wrote cases/silent (unchanged.yaml)
                        1 profile, 3 cases: all passed
                        """);
        assertThat(read("cases/greeted/injected.yaml")).contains("Hello World");
        assertThat(read("cases/mistyped/denied.yaml")).isEqualTo("""
                        code: unknown-profile
                        message: "annotation pillion.dev/inject: there is no profile 'greting'; did you mean 'greeting'?"
                        """);
        assertThat(read("cases/silent/unchanged.yaml")).isEqualTo("code: not-requested\n");
        assertThat(run.code()).isZero();
        assertThat(run.out()).isEqualTo("""
                        ok    cases/greeted
                        ok    cases/mistyped
                        ok    cases/silent
                        1 profile, 3 cases: all passed
                        """);
    }

    @Test
    void asksToRunWithUpdateIfACaseHasNoExpectedResult() throws IOException {
        write("greeted/pod.yaml", POD);

        Run run = check();

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.out()).isEqualTo("""
                        FAIL  greeted
                            has no expected result; run with --update to write injected.yaml
                        1 profile, 1 case: 0 ok, 1 failed
                        """);
    }

    @Test
    void showsTheDifferenceToTheExpectedManifest() throws IOException {
        write("greeted/pod.yaml", POD);
        check("--update");
        Path expected = directory.resolve("greeted/injected.yaml");
        Files.writeString(expected, Files.readString(expected).replace("Hello World", "Hello Moon"));

        Run run = check();

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.out())
                .startsWith("FAIL  greeted\n    --- expected\n    +++ actual\n")
                .contains("    -      value: \"Hello Moon\"\n    +      value: \"Hello World\"\n")
                .endsWith("1 profile, 1 case: 0 ok, 1 failed\n");
    }

    @Test
    void ignoresTheOrderOfFieldsAndTheTypeOfNumbers() throws IOException {
        write("greeted/pod.yaml", POD.replace("image: nginx", "image: nginx, ports: [{containerPort: 80}]"));
        check("--update");
        String injected = read("greeted/injected.yaml");
        write(
                "greeted/injected.yaml",
                injected.substring(injected.indexOf("spec:")) + injected.substring(0, injected.indexOf("spec:")));

        assertThat(check().out()).startsWith("ok    greeted\n");
    }

    @Test
    void reportsWhichResultWasExpected() throws IOException {
        write("greeted/pod.yaml", POD);
        write("greeted/denied.yaml", "code: unknown-profile\n");

        assertThat(check().out()).contains("    expected denied (unknown-profile), but the result is injected\n");

        assertThat(check("--update").code()).isZero();
        assertThat(directory.resolve("greeted/denied.yaml")).doesNotExist();
        assertThat(directory.resolve("greeted/injected.yaml")).exists();
    }

    @Test
    void acceptsAnyMessageOfADenialIfNoneIsExpected() throws IOException {
        write("mistyped/pod.yaml", POD.replace("greeting}", "greting}"));
        write("mistyped/denied.yaml", "code: unknown-profile\n");
        assertThat(check().code()).isZero();

        write("mistyped/denied.yaml", "code: unknown-profile\nmessage: another\n");
        assertThat(check().code()).isEqualTo(1);
    }

    @Test
    void usesTheNamespaceOfTheCase() throws IOException {
        write("inherited/pod.yaml", POD.replace("pillion.dev/inject: greeting", ""));
        write(
                "inherited/namespace.yaml",
                "{apiVersion: v1, kind: Namespace, metadata: {name: shop, annotations: {pillion.dev/inject: greeting}}}");

        check("--update");

        assertThat(read("inherited/injected.yaml")).contains("of namespace shop");
    }

    @Test
    void appliesThePoliciesThatSelectTheNamespaceOfTheCase() throws IOException {
        write("payments.yaml", """
                apiVersion: pillion.dev/v1alpha1
                kind: InjectionPolicy
                metadata: {name: payments-are-greeted}
                spec:
                  mode: Enforce
                  match: {namespaceSelector: {matchLabels: {team: payments}}}
                  profiles: [{name: greeting, parameters: {name: Payments}}]
                """);
        String silent = POD.replace("pillion.dev/inject: greeting", "");
        write("cases/payments/pod.yaml", silent);
        write(
                "cases/payments/namespace.yaml",
                "{apiVersion: v1, kind: Namespace, metadata: {name: pay, labels: {team: payments}}}");
        write("cases/others/pod.yaml", silent);

        Run update = check("--update");

        assertThat(update.out()).isEqualTo("""
                        wrote cases/others (unchanged.yaml)
                        wrote cases/payments (injected.yaml)
                        1 profile, 1 policy, 2 cases: all passed
                        """);
        assertThat(read("cases/payments/injected.yaml")).contains("Hello Payments");
        assertThat(check().code()).isZero();
    }

    @Test
    void printsLintsAndFailsForThemOnlyInStrictMode() throws IOException {
        write("greeting.yaml", PROFILE.replace("${params.name}", "you"));

        Run run = check();
        Run strict = check("--strict");

        assertThat(run.code()).isZero();
        assertThat(run.out())
                .isEqualTo(
                        "lint  " + directory
                                + "/greeting.yaml:7: spec.parameters[0]: nothing in the profile uses params.name; use it or remove the parameter (unused-parameter)\n1 profile, 0 cases: 1 lint\n");
        assertThat(strict.code()).isEqualTo(1);
        assertThat(strict.out()).isEqualTo(run.out());
    }

    @Test
    void reportsAllProblemsOfProfilesAndCases() throws IOException {
        write("greeting.yaml", PROFILE.replace("params.name", "params.nam"));
        write("other.yaml", PROFILE.replace("greeting}", "other}").replace("type: string", "type: sting"));
        write("mistyped/pod.yaml", POD);
        write("mistyped/denied.yaml", "code: unknown-profil\n");
        write("torn/pod.yaml", POD);
        write("torn/denied.yaml", "code: unknown-profile\n");
        write("torn/unchanged.yaml", "code: not-requested\n");
        write("two/pod.yaml", POD + "---\n" + POD);

        Run run = check();

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err())
                .contains(
                        directory + "/greeting.yaml:9: spec.app.env[0].value: ",
                        "did you mean 'name'?",
                        directory
                                + "/other.yaml:7: spec.parameters[0].type: unknown type 'sting'; did you mean 'string'?\n",
                        directory + "/mistyped/denied.yaml:1: there is no code 'unknown-profil'; did you mean "
                                + "'unknown-profile'?\n",
                        directory + "/torn: has denied.yaml and unchanged.yaml; keep only one of them\n",
                        directory + "/two/pod.yaml: must have exactly one Pod or workload with a Pod template\n");
    }

    @Test
    void passesWithProfilesOnly() {
        Run run = check();

        assertThat(run.code()).isZero();
        assertThat(run.out()).isEqualTo("1 profile, 0 cases: all passed\n");
    }

    @Test
    void reportsADirectoryWithoutProfilesAndCases(@TempDir Path empty) {
        Run run = Run.of("check", empty.toString());

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).isEqualTo(empty + ": has neither profiles nor cases\n");
        assertThat(Run.of("check", "no-such").err()).isEqualTo("no-such: no such directory\n");
    }
}
