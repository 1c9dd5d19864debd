package dev.pillion.cli.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pillion.cli.manifest.UnusableInputException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResourceArgumentsTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            deploy/web                | Deployment/web
            deploy/web sts/db         | Deployment/web StatefulSet/db
            deploy web api            | Deployment/web Deployment/api
            pods                      | Pod/
            deploy,sts                | Deployment/ StatefulSet/
            deployments.apps,sts web  | Deployment/web StatefulSet/web
            """)
    void readsTheFormsOfKubectl(String arguments, String resources) throws Exception {
        List<String> words = List.of(arguments.split(" "));

        assertThat(ResourceArguments.areResources(words, true)).isTrue();
        assertThat(ResourceArguments.read(words))
                .extracting(each -> each.type().kind() + "/" + each.name().orElse(""))
                .containsExactly(resources.split(" "));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            rollouts.argoproj.io/web | false | true
            rollout web              | false | true
            rollouts                 | true  | true
            rollouts                 | false | false
            web.yaml                 | true  | false
            platform/web.yaml        | false | false
            ./web                    | false | false
            src/main                 | false | false
            """)
    void customTypesHaveTheFormOfResourcesAndAreNotFiles(String arguments, boolean cluster, boolean areResources) {
        assertThat(ResourceArguments.areResources(List.of(arguments.split(" ")), cluster))
                .isEqualTo(areResources);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            deploy,secrets | type 'secrets' is not supported here; the types are pods, deployments
            deploy,        | type '' is not supported here; the types are pods, deployments
            deploy/web sts | argument 'sts' does not have the form TYPE/NAME of the first argument
            deploy/        | argument 'deploy/' does not have the form TYPE/NAME
            """)
    void reportsOtherForms(String arguments, String message) {
        assertThatThrownBy(() -> ResourceArguments.read(List.of(arguments.split(" "))))
                .isInstanceOf(UnusableInputException.class)
                .hasMessageStartingWith(message);
    }
}
