package dev.pillion.injection.render;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.injection.Trial;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pillion sets no users in a cluster that assigns the users of containers, for example OpenShift. */
class AssignedUsersTest {

    private static final String EVERYTHING = """
            metadata:
              annotations:
                pillion.dev/inject: "proxy,logging,log-shipper,metrics,git-sync,file-sync,config-reload,backup,prefetch,migrate"
                pillion.dev/wait-for: db:5432, dns://cache, https://auth/healthz, grpc://api:50051, job/seed
                log-shipper.pillion.dev/endpoint: http://otel:4318
                metrics.pillion.dev/endpoint: http://otel:4318
                git-sync.pillion.dev/repo: https://git.example.com/team/site.git
                file-sync.pillion.dev/remote: storage:bucket
                file-sync.pillion.dev/secret: rclone
                file-sync.pillion.dev/path: /sync
                config-reload.pillion.dev/directories: /etc/app
                backup.pillion.dev/repository: s3:https://s3.example.com/bucket
                backup.pillion.dev/secret: restic
                prefetch.pillion.dev/url: https://files.example.com/v3.bin
                prefetch.pillion.dev/sha256: "0000000000000000000000000000000000000000000000000000000000000000"
                migrate.pillion.dev/command: bin/migrate
            spec:
              containers:
                - name: web
                  image: example.com/web:1
                  ports: [{containerPort: 8080}]
                  volumeMounts: [{name: data, mountPath: /data}, {name: config, mountPath: /etc/app}]
              volumes: [{name: data, emptyDir: {}}, {name: config, configMap: {name: config}}]
            """;

    @Test
    void noBuiltInCompanionHasAFixedUserWithoutAnyAnnotation() {
        Trial.Result result = Trial.of(EVERYTHING).inClusterThatAssignsUsers().injected();

        assertThat(result.initContainers()).hasSize(17);
        for (JsonNode container : result.at("/spec/initContainers")) {
            assertThat(container.path("securityContext").has("runAsUser"))
                    .as(container.path("name").asText())
                    .isFalse();
        }
    }

    @Test
    void theUserOfTheAppIsUsed() {
        Trial.Result result = Trial.of("""
                metadata: {annotations: {pillion.dev/inject: logging}}
                spec: {containers: [{name: web, securityContext: {runAsUser: 1000}}]}
                """).inClusterThatAssignsUsers().injected();

        assertThat(result.container("log-tailer")
                        .at("/securityContext/runAsUser")
                        .asInt())
                .isEqualTo(1000);
    }

    @Test
    void anAnnotationCanSetTheUser() {
        Trial.Result result = Trial.annotated("pillion.dev/inject: proxy", "proxy.pillion.dev/user: '1000700000'")
                .inClusterThatAssignsUsers()
                .injected();

        assertThat(result.container("proxy").at("/securityContext/runAsUser").asInt())
                .isEqualTo(1_000_700_000);
    }

    @Test
    void minusOneSetsNoUserInAnyCluster() {
        Trial.Result result = Trial.annotated(
                        "pillion.dev/inject: proxy,logging",
                        "proxy.pillion.dev/user: '-1'",
                        "logging.pillion.dev/user: '-1'")
                .injected();

        for (String name : new String[] {"proxy", "log-tailer"}) {
            assertThat(result.container(name).path("securityContext").has("runAsUser"))
                    .isFalse();
            assertThat(result.container(name)
                            .at("/securityContext/runAsNonRoot")
                            .asBoolean())
                    .isTrue();
        }
    }

    @Test
    void theProxyHasTheUserOfItsImageByDefault() {
        assertThat(Trial.annotated("pillion.dev/inject: proxy")
                        .injected()
                        .container("proxy")
                        .at("/securityContext/runAsUser")
                        .asInt())
                .isEqualTo(101);
    }

    /** OpenShift sets the assigned user in the containers between /mutate and /validate. */
    @ParameterizedTest
    @CsvSource({"true, 1000670000, ''", "true, 0, companion-changed", "false, 1000670000, companion-changed"})
    void anEnforcedCompanionCanHaveTheAssignedUser(boolean assigns, long user, String finding) {
        Trial trial = Trial.annotated("a: b")
                .withPolicies(Trial.policy(
                        "edge", "mode: Enforce\nmatch: {}\nprofiles: [{name: proxy, parameters: {user: -1}}]\n"));
        Trial.Result result = (assigns ? trial.inClusterThatAssignsUsers() : trial).injected();
        ((ObjectNode) result.at("/spec/initContainers/0/securityContext")).put("runAsUser", user);

        assertThat(result.again().missing())
                .extracting(reason -> reason.code().toString())
                .isEqualTo(finding.isEmpty() ? List.of() : List.of(finding));
    }

    @Test
    void permissionsIsSkippedWithAWarningUnlessRootIsAllowed() {
        Trial trial = Trial.of("""
                        metadata: {annotations: {pillion.dev/inject: permissions, permissions.pillion.dev/mode: "0770"}}
                        spec: {containers: [{name: web}]}
                        """)
                .withPolicies(Trial.policy("root", "mode: Permit\nmatch: {}\nprofiles: [{name: permissions}]\n"));

        assertThat(trial.injected().initContainers()).containsExactly("permissions");
        assertThat(trial.inClusterThatAssignsUsers()
                        .unchanged()
                        .plan()
                        .skipped()
                        .getFirst()
                        .reason()
                        .message())
                .isEqualTo(
                        "annotation pillion.dev/inject requests profile 'permissions', but its guard 'root-not-allowed' skips it:"
                                + " it needs root, and this cluster assigns users; set the Pod's fsGroup, or set allowRoot to true");
    }
}
