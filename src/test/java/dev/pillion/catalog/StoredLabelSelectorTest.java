package dev.pillion.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StoredLabelSelectorTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {}                                                                              |                   | true
            {"matchLabels": {"app": "web"}}                                                 | app in (web)      | true
            {"matchExpressions": [{"key": "app", "operator": "In", "values": ["a", "b"]}]}   | app in (a,b)      | false
            {"matchExpressions": [{"key": "app", "operator": "NotIn", "values": ["a"]}]}     | app notin (a)     | true
            {"matchExpressions": [{"key": "app", "operator": "Exists"}]}                     | app               | true
            {"matchExpressions": [{"key": "app", "operator": "DoesNotExist"}]}               | !app              | false
            """)
    void matchesAndIsWrittenAsAQuery(String json, String query, boolean matches) throws Exception {
        LabelSelector selector = LabelSelector.ofStored(new ObjectMapper().readTree(json));

        assertThat(selector.toQuery()).isEqualTo(query == null ? "" : query);
        assertThat(selector.matches(Map.of("app", "web"))).isEqualTo(matches);
    }
}
