package dev.pillion.catalog.parameter;

import static dev.pillion.catalog.compile.Profiles.tree;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.pod.DnsLabel;
import dev.pillion.yaml.Seeds;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "postgres:5432            | {scheme: tcp, host: postgres, port: 5432, path: '', address: 'postgres:5432', url: 'tcp://postgres:5432', name: postgres-5432}",
                "tcp://postgres:5432/     | {scheme: tcp, host: postgres, port: 5432, path: '', address: 'postgres:5432', url: 'tcp://postgres:5432', name: postgres-5432}",
                "dns://cache              | {scheme: dns, host: cache, port: 0, path: '', address: cache, url: 'dns://cache', name: cache}",
                "dns://a.b.svc.           | {scheme: dns, host: a.b.svc., port: 0, path: '', address: a.b.svc., url: 'dns://a.b.svc.', name: a-b-svc}",
                "http://auth              | {scheme: http, host: auth, port: 80, path: /, address: 'auth:80', url: 'http://auth:80/', name: auth}",
                "https://auth/healthz     | {scheme: https, host: auth, port: 443, path: /healthz, address: 'auth:443', url: 'https://auth:443/healthz', name: auth}",
                "https://auth:443/        | {scheme: https, host: auth, port: 443, path: /, address: 'auth:443', url: 'https://auth:443/', name: auth}",
                "http://auth:8080/a?b=c   | {scheme: http, host: auth, port: 8080, path: '/a?b=c', address: 'auth:8080', url: 'http://auth:8080/a?b=c', name: auth-8080}",
                "grpc://api:50051         | {scheme: grpc, host: api, port: 50051, path: '', address: 'api:50051', url: 'grpc://api:50051', name: api-50051}",
                "[::1]:80                 | {scheme: tcp, host: '::1', port: 80, path: '', address: '[::1]:80', url: 'tcp://[::1]:80', name: 1-80}",
                "http://[2001:db8::1]/x   | {scheme: http, host: '2001:db8::1', port: 80, path: /x, address: '[2001:db8::1]:80', url: 'http://[2001:db8::1]:80/x', name: 2001-db8-1}",
                "10.0.0.1:80              | {scheme: tcp, host: 10.0.0.1, port: 80, path: '', address: '10.0.0.1:80', url: 'tcp://10.0.0.1:80', name: 10-0-0-1-80}",
                "job/migrate-db           | {scheme: job, host: migrate-db, port: 0, path: '', address: migrate-db, url: job/migrate-db, name: job-migrate-db}",
                "pod/app=db               | {scheme: pod, host: app=db, port: 0, path: '', address: app=db, url: pod/app=db, name: pod-app-db}",
                "pod/app=db,tier!=cache   | {scheme: pod, host: 'app=db,tier!=cache', port: 0, path: '', address: 'app=db,tier!=cache', url: 'pod/app=db,tier!=cache', name: pod-app-db-tier-cache}",
                "pod/a.b/c==d, e=         | {scheme: pod, host: 'a.b/c==d,e=', port: 0, path: '', address: 'a.b/c==d,e=', url: 'pod/a.b/c==d,e=', name: pod-a-b-c-d-e}",
                "My_Service:00080         | {scheme: tcp, host: My_Service, port: 80, path: '', address: 'My_Service:80', url: 'tcp://My_Service:80', name: my-service-80}",
            })
    void hasTheseFieldsInExpressions(String text, String fields) throws Exception {
        assertThat(ParameterType.ENDPOINTS.parse(text)).hasToString("[" + tree(fields) + "]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "postgres                 | 'postgres' has no port; write HOST:PORT",
                "grpc://api               | 'grpc://api' has no port; write HOST:PORT",
                "[::1]                    | '[::1]' has no port; write HOST:PORT",
                "postgres:0               | 'postgres:0' has no valid port; ports are 1 to 65535",
                "postgres:65536           | 'postgres:65536' has no valid port; ports are 1 to 65535",
                "postgres:psql            | 'postgres:psql' has no valid port; ports are 1 to 65535",
                "postgres:                | 'postgres:' has no valid port; ports are 1 to 65535",
                "user:secret@db:5432      | 'user:secret@db:5432' contains a user name or password, which an endpoint must not contain",
                "https://user@auth/       | 'https://user@auth/' contains a user name or password, which an endpoint must not contain",
                "tcp://db:5432/app        | 'tcp://db:5432/app' has a path, which only http:// and https:// have",
                "dns://cache/x            | 'dns://cache/x' has a path, which only http:// and https:// have",
                "grpc://api:1?x=y         | 'grpc://api:1?x=y' has a path, which only http:// and https:// have",
                "ftp://files:21           | 'ftp://files:21' has an unknown scheme 'ftp'; %s",
                "dns://cache:53           | 'dns://cache:53' has no valid host name; %s",
                ":80                      | ':80' has no valid host name; %s",
                "-a:80                    | '-a:80' has no valid host name; %s",
                "a-:80                    | 'a-:80' has no valid host name; %s",
                "$(HOST):80               | '$(HOST):80' has no valid host name; %s",
                "a;reboot:80              | 'a;reboot:80' has no valid host name; %s",
                "::1:80                   | '::1:80' has no valid host name; %s",
                "[::1%eth0]:80            | '[::1%eth0]:80' has no valid host name; %s",
                "http:///x                | 'http:///x' has no valid host name; %s",
                "dns://                   | 'dns://' is no endpoint; %s",
                "http://a/`id`            | 'http://a/`id`' is no endpoint; %s",
                "http://a/${x}            | 'http://a/${x}' is no endpoint; %s",
                "job/                     | 'job/' has no valid name of a Job; write job/NAME",
                "job/--all                | 'job/--all' has no valid name of a Job; write job/NAME",
                "job/a/b                  | 'job/a/b' has no valid name of a Job; write job/NAME",
                "job/$(id)                | 'job/$(id)' has no valid name of a Job; write job/NAME",
                "pod/                     | 'pod/' has no valid label selector; write pod/LABEL=VALUE, such as pod/app=db",
                "pod/db-0                 | 'pod/db-0' has no valid label selector; write pod/LABEL=VALUE, such as pod/app=db",
                "pod/-l=x                 | 'pod/-l=x' has no valid label selector; write pod/LABEL=VALUE, such as pod/app=db",
                "pod/app=`id`             | 'pod/app=`id`' has no valid label selector; write pod/LABEL=VALUE, such as pod/app=db",
                "http://a/%zz             | 'http://a/%%zz' is no endpoint; %s",
            })
    void isRejectedWithASuggestion(String text, String message) {
        assertThatThrownBy(() -> ParameterType.ENDPOINTS.parse(text))
                .isInstanceOf(InvalidValueException.class)
                .hasMessage(
                        message.replace("%%", "%")
                                .replace(
                                        "; %s",
                                        "; write dns://NAME, HOST:PORT, http://HOST/PATH, https://HOST/PATH, grpc://HOST:PORT, job/NAME or pod/LABEL=VALUE"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://a/b#c", "tcp://a:1#c", "dns://a#c"})
    void isRejectedWithAFragment(String text) {
        assertThatThrownBy(() -> ParameterType.ENDPOINTS.parse(text)).isInstanceOf(InvalidValueException.class);
    }

    @ParameterizedTest
    @CsvSource({"HTTP://auth/x, http://auth:80/x", "http://auth?a=b, http://auth:80/?a=b"})
    void isTheSameInAllForms(String text, String url) throws Exception {
        assertThat(ParameterType.ENDPOINTS.parse(text).path(0).path("url").textValue())
                .isEqualTo(url);
    }

    @ParameterizedTest
    @ValueSource(strings = {"dns://_", "dns://[::]", "dns://__._"})
    void hasANameForEveryHost(String text) throws Exception {
        assertThat(DnsLabel.isValid(names(text).getFirst())).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`a:1,b:2`                | a-1 b-2",
                "`a:1 b:2\nc:3\td:4,\n`   | a-1 b-2 c-3 d-4",
                "`a:1,a:1,a:1`            | a-1 a-1-2 a-1-3",
                "`a-1:80,a.1:80,A_1:80`   | a-1-80 a-1-80-2 a-1-80-3",
                "`http://a/x,https://a/y` | a a-2",
                "`a:1,a:1,dns://a-1-2`    | a-1 a-1-2 a-1-2-2",
                "`pod/a=b,c=d,pod/a=c,d:1` | pod-a-b-c-d pod-a-c d-1",
                "`job/a,job/a,pod/a=1,b=2` | job-a job-a-2 pod-a-1-b-2",
            })
    void hasAUniqueNameInAList(String text, String names) throws Exception {
        assertThat(String.join(" ", names(text))).isEqualTo(names);
    }

    @Test
    void hasANameThatIsShortEnoughForAPrefix() {
        Seeds.each(300, random -> {
            // given
            List<String> targets = new ArrayList<>();
            for (int count = 1 + random.nextInt(20); count > 0; count--) {
                String host = "x".repeat(1 + random.nextInt(60))
                        + "._-".charAt(random.nextInt(3))
                        + "y".repeat(random.nextInt(1, 50));
                targets.add(random.nextBoolean() ? "dns://" + host : host + ":" + (1 + random.nextInt(3)));
                targets.add("a:" + (1 + random.nextInt(3)));
            }

            // when
            List<String> names = names(String.join(",", targets));

            // then
            Set<String> different = new HashSet<>(names);
            assertThat(different).hasSameSizeAs(targets);
            assertThat(names).allSatisfy(name -> assertThat(DnsLabel.isValid("wait-for-" + name))
                    .isTrue());
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {"``|''", "`  \n`|''", ",|','", "`, ,`|', ,'"})
    void isRejectedWithoutATarget(String text, String shown) {
        assertThatThrownBy(() -> ParameterType.ENDPOINTS.parse(text))
                .isInstanceOf(InvalidValueException.class)
                .hasMessage("must name at least one target, such as postgres:5432 or dns://cache, is " + shown);
    }

    @Test
    void isRejectedInAListOfMoreThanAHundred() throws Exception {
        assertThat(ParameterType.ENDPOINTS.parse("a:1 ".repeat(100))).hasSize(100);
        assertThatThrownBy(() -> ParameterType.ENDPOINTS.parse("a:1 ".repeat(2_000)))
                .isInstanceOf(InvalidValueException.class)
                .hasMessage("names 2000 targets; at most 100 are allowed");
    }

    @Test
    void isReadFromAList() throws Exception {
        assertThat(ParameterType.ENDPOINTS.read(tree("[a:1, 'dns://b c:2']"))).hasSize(3);
        assertThat(ParameterType.ENDPOINTS.read(tree("[]"))).isEmpty();
    }

    @Test
    void isReadFromItsFieldsInExpressions() throws Exception {
        // given
        JsonNode fields = ParameterType.ENDPOINTS.parse("https://auth/x,a:1,dns://b,job/c,pod/d=e,f!=g,pod/h=i");

        // then
        assertThat(ParameterType.ENDPOINTS.read(fields)).isEqualTo(fields);
    }

    @ParameterizedTest
    @ValueSource(strings = {"5432", "true", "[{}]", "[[a:1]]", "[5432]", "{host: a}"})
    void isNotReadFromOtherValues(String yaml) {
        assertThatThrownBy(() -> ParameterType.ENDPOINTS.read(tree(yaml))).isInstanceOf(InvalidValueException.class);
    }

    private static List<String> names(String text) throws InvalidValueException {
        List<String> names = new ArrayList<>();
        ParameterType.ENDPOINTS
                .parse(text)
                .forEach(endpoint -> names.add(endpoint.path("name").textValue()));
        return names;
    }
}
