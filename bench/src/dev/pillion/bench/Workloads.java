package dev.pillion.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The requests of the workloads that consist of one or two kinds of reviews. */
final class Workloads {

    private final Reviews reviews;

    Workloads(Reviews reviews) {
        this.reviews = reviews;
    }

    /** Three profiles for one Pod. Only the review's uid differs. */
    Bodies inject() {
        return Bodies.of(onlyUid(reviews.web()));
    }

    Bodies notOptedIn() {
        return Bodies.of(Reviews.notOptedIn(onlyUid(reviews.web())));
    }

    /** Pods of one ReplicaSet: the uid, the time and the name of the token volume differ. */
    Bodies replicas() {
        return Bodies.of(reviews.web());
    }

    Bodies statefulSet() throws IOException {
        return Bodies.of(reviews.statefulSet(), reviews.statefulSetOfMany());
    }

    Bodies daemonSet() throws IOException {
        return Bodies.of(reviews.daemonSet());
    }

    Bodies job() throws IOException {
        return Bodies.of(reviews.job());
    }

    Bodies newPods() {
        return Bodies.of(reviews.newWeb());
    }

    Bodies newPodsForPeers() {
        return Bodies.of(Reviews.forPeers(reviews.newWeb()));
    }

    Bodies replicasForPeers() {
        return Bodies.of(Reviews.forPeers(reviews.web()));
    }

    /** The same without annotations, if a policy enforces a profile. */
    Bodies newPodsWithPolicy() {
        return Bodies.of(Reviews.notOptedIn(reviews.newWeb()).expecting(Review.Expected.INJECTED));
    }

    Bodies variables(int count, int valueLength) {
        return Bodies.of(Reviews.withVariables(onlyUid(reviews.web()), count, valueLength));
    }

    Bodies denied() {
        return Bodies.of(Reviews.denied(onlyUid(reviews.web())));
    }

    Bodies secondPass(Webhook pillion) throws IOException, InterruptedException {
        Review first = onlyUid(reviews.web());
        return Bodies.of(ApiServer.secondPass(first, pillion.answer(first)));
    }

    /** Pods of a Deployment after injection. */
    Bodies validate(Webhook pillion) throws IOException, InterruptedException {
        Review first = reviews.storefront();
        return Bodies.of(ApiServer.validation(first, pillion.answer(first)));
    }

    private static Review onlyUid(Review review) {
        return review.varyingOnly(Placeholder.REVIEW_UID);
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
