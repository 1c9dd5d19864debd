package dev.pillion.injection;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** In a cluster with IPv6 only, addresses in parameters are IPv6 addresses. */
class Ipv6AddressesTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "wait-for    | targets    | [2001:db8::1]:5432",
                "wait-for    | targets    | http://[2001:db8::1]:8080/healthz",
                "wait-for    | targets    | grpc://[2001:db8::1]:50051",
                "log-shipper | endpoint   | http://[2001:db8::1]:4318",
                "metrics     | endpoint   | http://[2001:db8::1]:4318",
                "git-sync    | repo       | https://[2001:db8::1]:8443/team/site.git",
                "git-sync    | repo       | ssh://git@[2001:db8::1]:2222/team/site.git",
                "prefetch    | url        | http://[2001:db8::1]:8080/v3.bin",
                "backup      | repository | rest:http://[2001:db8::1]:8000/shop",
            })
    void areAccepted(String profile, String parameter, String value) {
        Trial.Result result = Trial.of("""
                metadata:
                  name: web
                  annotations:
                    pillion.dev/inject: %1$s
                    %1$s.pillion.dev/%2$s: "%3$s"
                    prefetch.pillion.dev/sha256: "%4$s"
                    backup.pillion.dev/secret: restic
                    backup.pillion.dev/path: /data
                spec:
                  containers: [{name: web, ports: [{containerPort: 80}], volumeMounts: [{name: data, mountPath: /data}]}]
                  volumes: [{name: data, emptyDir: {}}]
                """.formatted(profile, parameter, value, "0".repeat(64)))
                .injected();

        assertThat(result.initContainers()).isNotEmpty();
        assertThat(result.pod().toString()).contains("2001:db8::1");
    }
}
