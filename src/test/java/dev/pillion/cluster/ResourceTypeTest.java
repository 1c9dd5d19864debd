package dev.pillion.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResourceTypeTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "deploy",
                "deployment",
                "deployments",
                "Deployment",
                "deployment.apps",
                "deployments.v1.apps",
                "Deployments.Apps"
            })
    void hasTheNamesOfKubectl(String name) {
        assertThat(ResourceType.named(name)).contains(ResourceType.DEPLOYMENT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"deployment.yaml", "deployment.batch", "deployment.v2.apps", "pod.", "secret", ""})
    void isEmptyForAnUnknownName(String name) {
        assertThat(ResourceType.named(name)).isEmpty();
    }

    /** The launcher starts {@code explain} with the Kubernetes client only for these names. */
    @Test
    void theLauncherKnowsAllNames() throws IOException {
        Matcher pattern =
                Pattern.compile("(?s)'\\[:lower:]'\\) in\\s+(.+?)\\)").matcher(Files.readString(Path.of("pillion")));
        assertThat(pattern.find()).isTrue();
        List<String> known =
                List.of(pattern.group(1).replaceAll("[\\\\\\s]", "").split("\\|", -1));

        Set<String> names = Arrays.stream(ResourceType.values())
                .flatMap(type -> type.names().stream())
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(new TreeSet<>(known)).isEqualTo(names);
    }
}
