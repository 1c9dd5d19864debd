package dev.pillion.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/**
 * A day in a cluster: the requests for a thousand Pods, always in the same order. For each Pod the API server calls {@code /mutate}, sometimes
 * twice, and {@code /validate} unless the Pod is denied. bench/README.md describes the composition.
 */
final class Day {

    private static final int SEED = 19;

    /** One Pod in ten gets a second pass. */
    private static final int SECOND_PASS = 10;

    /** Requests for so many other Pods come between the calls for one Pod. */
    private static final int APART = 16;

    private static final int LARGE = 1_500;
    private static final int VARIABLE = 28;

    private static final List<String> NAMES = List.of(
            "catalog", "checkout", "search", "cart", "accounts", "payments", "mail", "stock", "reports", "login");

    private final Random random = new Random(SEED);
    private final Reviews reviews;
    private final Webhook pillion;
    private final List<Pod> pods = new ArrayList<>();

    /** The reviews of a Pod. */
    private record Pod(List<Template> calls, Template secondPass) {}

    /** A request, with its place in the order. */
    private record Call(int at, Bodies.Step step) {}

    private Day(Reviews reviews, Webhook pillion) {
        this.reviews = reviews;
        this.pillion = pillion;
    }

    static Bodies of(Reviews reviews, Webhook pillion) throws IOException, InterruptedException {
        Day day = new Day(reviews, pillion);
        day.create();
        return day.order();
    }

    private void create() throws IOException, InterruptedException {
        // Pods of workloads that have other Pods.
        add(353, deployments(40));
        add(60, statefulSets());
        add(80, daemonSets());
        add(130, cronJobs());
        add(70, denied(5));
        add(7, large(2));
        // New Pods.
        addParameterized(90, reviews.newWeb());
        add(90, List.of(reviews.newStorefront()));
        add(87, List.of(reviews.newJob()));
        add(30, List.of(Reviews.denied(reviews.newWeb())));
        addParameterized(3, Reviews.withVariables(reviews.newWeb(), LARGE, VARIABLE));
    }

    /** The status in a Pod has a hash of the parameters, so a prepared second pass cannot have other parameters each time. */
    private void addParameterized(int count, Review review) throws IOException, InterruptedException {
        pods.addAll(Collections.nCopies(count, new Pod(pod(review).calls, null)));
    }

    private void add(int count, List<Review> workloads) throws IOException, InterruptedException {
        List<Pod> created = new ArrayList<>();
        for (Review review : workloads) {
            created.add(pod(review));
        }
        for (int each = 0; each < count; each++) {
            pods.add(created.get(random.nextInt(created.size())));
        }
    }

    private Pod pod(Review review) throws IOException, InterruptedException {
        Template first = Template.of(review);
        if (review.expected() == Review.Expected.DENIED) {
            return new Pod(List.of(first), null);
        }
        var response = pillion.answer(review);
        return new Pod(
                List.of(first, Template.of(ApiServer.validation(review, response))),
                Template.of(ApiServer.secondPass(review, response)));
    }

    private Bodies order() {
        Collections.shuffle(pods, random);
        List<Call> calls = new ArrayList<>();
        for (int number = 0; number < pods.size(); number++) {
            Pod pod = pods.get(number);
            for (int call = 0; call < pod.calls.size(); call++) {
                calls.add(new Call(number + 2 * call * APART, new Bodies.Step(pod.calls.get(call), number)));
            }
            if (pod.secondPass != null && random.nextInt(SECOND_PASS) == 0) {
                calls.add(new Call(number + APART, new Bodies.Step(pod.secondPass, number)));
            }
        }
        calls.sort(Comparator.comparingInt(Call::at));
        return new Bodies(calls.stream().map(Call::step).toList(), pods.size());
    }

    /** Deployments of different sizes. */
    private List<Review> deployments(int count) {
        List<Review> result = new ArrayList<>();
        for (int each = 0; each < count; each++) {
            result.add(Reviews.withVariables(deployment(each), random.nextInt(20), 10 + random.nextInt(30)));
        }
        return result;
    }

    private Review deployment(int number) {
        return number % 2 == 0
                ? reviews.storefront().with("storefront", name(number)).with("59d8b484b4", hash())
                : reviews.web().with("web-eu", name(number)).with("55ff4b6974", hash());
    }

    private List<Review> statefulSets() throws IOException {
        List<Review> result = new ArrayList<>();
        for (int each = 0; each < 4; each++) {
            String name = name(each);
            for (Review review : List.of(reviews.statefulSet(), reviews.statefulSetOfMany())) {
                result.add(review.with("postgres-", name + "-").with("\"app\":\"postgres\"", "\"app\":\"" + name + "\""));
            }
        }
        return result;
    }

    private List<Review> daemonSets() throws IOException {
        List<Review> result = new ArrayList<>();
        for (int each = 0; each < 6; each++) {
            result.add(reviews.daemonSet().with("node-metrics", "node-" + name(each)));
        }
        return result;
    }

    private List<Review> cronJobs() throws IOException {
        List<Review> result = new ArrayList<>();
        for (int each = 0; each < 10; each++) {
            result.add(reviews.job().with("invoices", name(each)));
        }
        return result;
    }

    private List<Review> denied(int count) {
        return deployments(count).stream().map(Reviews::denied).toList();
    }

    private List<Review> large(int count) {
        List<Review> result = new ArrayList<>();
        for (int each = 0; each < count; each++) {
            result.add(Reviews.withVariables(deployment(each), LARGE, VARIABLE));
        }
        return result;
    }

    private static String name(int number) {
        String name = NAMES.get(number % NAMES.size());
        return number < NAMES.size() ? name : name + "-" + number / NAMES.size();
    }

    private String hash() {
        return Long.toString(10_000_000_000L + random.nextLong(80_000_000_000L)).substring(0, 10);
    }
}
