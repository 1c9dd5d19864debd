package dev.pillion.bench;

import java.io.IOException;
import java.nio.file.Path;

/** The reviews of which the workloads consist. All are captured from an API server and then varied as controllers and users do. */
final class Reviews {

    /** Stands in a new Pod for a text that no other Pod has. */
    private static final String NEW = "n8w5v";

    private final Path root;
    private final Review web;
    private final Review storefront;

    Reviews(Path root) throws IOException {
        this.root = root;
        this.web = Review.captured(root.resolve("examples/review.json"));
        this.storefront = captured("deployment");
    }

    private Review captured(String controller) throws IOException {
        return Review.captured(root.resolve("src/test/resources/reviews/" + controller + "-pod.json"));
    }

    /** A Pod of a Deployment that requests three profiles: {@code examples/review.json}, 11 KB. */
    Review web() {
        return web;
    }

    /** A Pod of a Deployment that requests one profile. */
    Review storefront() {
        return storefront;
    }

    /** A Pod of a StatefulSet. The ordinal is in its name, two labels, its host name and the name of its claim. */
    Review statefulSet() throws IOException {
        return captured("statefulset")
                .varying("postgres-0", "postgres-" + Placeholder.COUNT.text(1))
                .varying("pod-index\":\"0\"", "pod-index\":\"" + Placeholder.COUNT.text(1) + "\"");
    }

    /** The same with ordinals of two digits. */
    Review statefulSetOfMany() throws IOException {
        return captured("statefulset")
                .with("postgres-0", "postgres-10")
                .with("pod-index\":\"0\"", "pod-index\":\"10\"")
                .varying("postgres-10", "postgres-1" + Placeholder.COUNT.text(1))
                .varying("pod-index\":\"10\"", "pod-index\":\"1" + Placeholder.COUNT.text(1) + "\"");
    }

    /** A Pod of a DaemonSet. The node is in its affinity. */
    Review daemonSet() throws IOException {
        return captured("daemonset").with("worker-1", "worker-001").varying("worker-001", "worker-" + Placeholder.COUNT.text(3));
    }

    /** A Pod of a Job of a CronJob, which appends the minutes since 1970 to its name. */
    Review job() throws IOException {
        String name = "invoices-29384640";
        Review review = captured("job");
        return review.with("invoices-2026-11", name)
                .varying(name, "invoices-2938" + Placeholder.COUNT.text(4))
                .varyingUid(
                        review.document().at("/request/object/metadata/ownerReferences/0/uid").asText(),
                        Placeholder.POD_UID);
    }

    /** A Pod of a Deployment that was never seen: names, labels, annotations, parameters, images and environment differ. */
    Review newWeb() {
        return newPod(web.with("55ff4b6974", "55ff4" + NEW)
                .with("web-eu", "web-" + NEW)
                .with("/var/log/nginx", "/var/log/" + NEW)
                .with("FIRSTNAME=Piyush", "FIRSTNAME=" + NEW)
                .with("postgres:5432", "postgres-" + NEW + ":5432")
                .with("nginx-unprivileged:1.27", "nginx-unprivileged:" + NEW)
                .with("shop/render:1.4.0", "shop/render:" + NEW)
                .with("shop.example.com", NEW + ".example.com")
                .with("checkout.shop.svc", "checkout-" + NEW + ".shop.svc"));
    }

    /** The same with one profile. The parameters do not differ. */
    Review newStorefront() {
        return newPod(storefront
                .with("59d8b484b4", "59d8b" + NEW)
                .with("storefront", "storefront-" + NEW)
                .with("4.17.2", NEW)
                .with("nginx:1.27.3-alpine", "nginx:" + NEW)
                .with("catalog.shop.svc", "catalog-" + NEW + ".shop.svc"));
    }

    /** A Pod of a Job that runs once, as a build does. The parameters do not differ. */
    Review newJob() throws IOException {
        return newPod(job().with("invoices", "build-" + NEW));
    }

    private static Review newPod(Review review) {
        return review.varying(NEW, Placeholder.SUFFIX.suffix());
    }

    /** The same, and Dapr injects its sidecar too. Istio injects its own into every Pod. */
    static Review forPeers(Review review) {
        String first = "\"env.pillion.dev/variables\"";
        return review.with(first, "\"dapr.io/app-id\":\"web\",\"dapr.io/enabled\":\"true\"," + first);
    }

    static Review notOptedIn(Review review) {
        return review.with("pillion.dev", "example.dev").expecting(Review.Expected.UNCHANGED);
    }

    /** Requests a profile that does not exist. */
    static Review denied(Review review) {
        return review.with("inject\":\"logging", "inject\":\"loging").expecting(Review.Expected.DENIED);
    }

    /** More environment variables in one container. */
    static Review withVariables(Review review, int count, int valueLength) {
        StringBuilder more = new StringBuilder();
        for (int each = 0; each < count; each++) {
            more.append("{\"name\":\"SETTING_%05d\",\"value\":\"%s\"},".formatted(each, "v".repeat(valueLength)));
        }
        String first = "{\"name\":\"NGINX_WORKER_PROCESSES\"";
        return review.with(first, more + first);
    }
}
