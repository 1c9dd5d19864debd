package dev.pillion.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.zjsonpatch.JsonPatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Creates the bodies of the workloads from {@code examples/review.json}, which an API server sent. */
final class Workloads {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String N = Bodies.NUMBER;

    private final String review;

    Workloads(Path examples) throws IOException {
        review = JSON.readTree(Files.readString(examples.resolve("review.json"))).toString().replace("3fa298d629b\"", "3fa29" + N + "b\"");
    }

    /** Three profiles for one Pod. Only the review's uid differs. */
    Bodies inject() {
        return mutate(review);
    }

    Bodies notOptedIn() {
        return mutate(notOptedIn(review));
    }

    /** Pods of one ReplicaSet: the uid and the name of the token volume differ. */
    Bodies replicas() {
        return mutate(review.replace("kube-api-access-r5wbk", "kube-api-access-" + N));
    }

    /** Names, labels, annotations, parameters, images and environment differ in each review. */
    Bodies allDifferent() {
        return mutate(allDifferent(review));
    }

    Bodies allDifferentNotOptedIn() {
        return mutate(allDifferent(notOptedIn(review)));
    }

    /** More environment variables in one container. */
    Bodies variables(int count, int valueLength) {
        StringBuilder more = new StringBuilder();
        for (int each = 0; each < count; each++) {
            more.append("{\"name\":\"SETTING_%05d\",\"value\":\"%s\"},".formatted(each, "v".repeat(valueLength)));
        }
        String first = "{\"name\":\"NGINX_WORKER_PROCESSES\"";
        return mutate(review.replace(first, more + first));
    }

    Bodies denied() {
        return mutate(review.replace("\"logging, env\"", "\"loging, env\""));
    }

    /** @param answer the response to the first pass */
    Bodies secondPass(String answer) throws IOException {
        ObjectNode whole = (ObjectNode) JSON.readTree(review.replace(N, "00000"));
        JsonNode patch = JSON.readTree(JSON.readTree(answer).at("/response/patch").binaryValue());
        ObjectNode request = (ObjectNode) whole.path("request");
        request.set("object", JsonPatch.apply(patch, request.path("object")));
        return mutate(whole.toString().replace("3fa2900000b", "3fa29" + N + "b"));
    }

    /** The API server's bodies end with a line feed, because Go's JSON encoder adds it. */
    private static Bodies mutate(String text) {
        return Bodies.of("/mutate", text + "\n");
    }

    private static String notOptedIn(String text) {
        return text.replace("pillion.dev", "example.dev");
    }

    private static String allDifferent(String text) {
        return text.replace("kube-api-access-r5wbk", "kube-api-access-" + N)
                .replace("web-55ff4b6974", "web-55ff4" + N)
                .replace("\"pod-template-hash\":\"55ff4b6974\"", "\"pod-template-hash\":\"55ff4" + N + "\"")
                .replace("web-eu", "web-" + N)
                .replace("/var/log/nginx", "/var/log/" + N)
                .replace("FIRSTNAME=Piyush", "FIRSTNAME=" + N)
                .replace("postgres:5432", "postgres-" + N + ":5432")
                .replace("nginx-unprivileged:1.27", "nginx-unprivileged:" + N)
                .replace("shop/render:1.4.0", "shop/render:" + N)
                .replace("shop.example.com", N + ".example.com")
                .replace("checkout.shop.svc", "checkout-" + N + ".shop.svc");
    }

    /** Policies. One of them matches these Pods and enforces logging. */
    static void writePolicies(Path directory, int count) throws IOException {
        StringBuilder text = new StringBuilder();
        for (int each = 0; each < count; each++) {
            text.append("""
                    ---
                    apiVersion: pillion.dev/v1alpha1
                    kind: InjectionPolicy
                    metadata: {name: policy-%1$d}
                    spec:
                      mode: Enforce
                      match: {podSelector: {matchLabels: {app.kubernetes.io/part-of: %2$s}}}
                      profiles: [{name: logging}]
                    """.formatted(each, each == 0 ? "shop" : "team-" + each));
        }
        Files.writeString(directory.resolve("policies.yaml"), text);
    }
}
