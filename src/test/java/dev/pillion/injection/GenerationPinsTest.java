package dev.pillion.injection;

import static dev.pillion.injection.Trial.yaml;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.catalog.Catalog;
import dev.pillion.catalog.Profile;
import dev.pillion.catalog.ProfileVersion;
import dev.pillion.catalog.compile.CatalogReader;
import dev.pillion.catalog.resource.CatalogResource;
import dev.pillion.catalog.resource.CatalogResource.Kind;
import dev.pillion.catalog.resource.ResourceCatalog;
import dev.pillion.injection.Decision.Denied;
import dev.pillion.injection.Decision.Injected;
import dev.pillion.injection.Decision.Unchanged;
import dev.pillion.injection.audit.Audit;
import dev.pillion.injection.plan.Status;
import dev.pillion.injection.reason.Reason;
import dev.pillion.injection.reason.ReasonCode;
import dev.pillion.injection.select.GenerationPins.ChosenGeneration;
import dev.pillion.injection.settings.InjectionSettings;
import dev.pillion.pod.Namespace;
import dev.pillion.pod.Pod;
import dev.pillion.yaml.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Pods, namespaces and policies pin earlier generations of a profile. */
class GenerationPinsTest {

    private static final Namespace SHOP = Namespace.named("shop");
    private static final Namespace STRICT =
            new Namespace("shop", Map.of("pillion.dev/enforcement", "strict"), Map.of());

    private final Injector injector = new Injector(InjectionSettings.defaults());
    private final Catalog catalog = catalog("");
    private final String old = catalog.earlier("tail").getFirst().generation();
    private final String present = catalog.profile("tail").orElseThrow().generation();

    @Test
    void givesAPodTheGenerationThatItPins() {
        assertThat(images(decide("{pillion.dev/inject: tail}"))).containsExactly("busybox:2");

        Decision pinned = decide("{pillion.dev/inject: tail, tail.pillion.dev/generation: '%s'}".formatted(old));

        assertThat(images(pinned)).containsExactly("busybox:1");
        assertThat(Status.of(injected(pinned, pod("{}"))).profiles().get("tail").generation())
                .isEqualTo(old);
    }

    @Test
    void givesAnInstanceTheGenerationOfItsOwnAnnotation() {
        Decision pinned =
                decide("{pillion.dev/inject: 'tail, b.tail', b.tail.pillion.dev/generation: '%s'}".formatted(old));

        assertThat(images(pinned)).containsExactly("busybox:2", "busybox:1");
    }

    @Test
    void usesTheParametersOfThePinnedGeneration() {
        assertThat(denied(decide("{pillion.dev/inject: tail, tail.pillion.dev/former: x}"))
                        .code())
                .isEqualTo(ReasonCode.UNKNOWN_PARAMETER);

        assertThat(decide("{pillion.dev/inject: tail, tail.pillion.dev/former: x, tail.pillion.dev/generation: '%s'}"
                        .formatted(old)))
                .isInstanceOf(Injected.class);
    }

    @Test
    void takesThePinOfTheNamespaceIfThePodHasNone() {
        Namespace pinning = pinning(old);

        assertThat(images(decide("{pillion.dev/inject: tail}", pinning, catalog)))
                .containsExactly("busybox:1");
        assertThat(images(decide(
                        "{pillion.dev/inject: tail, tail.pillion.dev/generation: '%s'}".formatted(present),
                        pinning,
                        catalog)))
                .containsExactly("busybox:2");
        assertThat(decide("{pillion.dev/inject: tail}", pinning, catalog).plan().warnings())
                .as("no warning that the annotation has no effect")
                .isEmpty();
    }

    @Test
    void deniesAnUnknownGenerationAndListsTheKnownOnes() {
        assertThat(denied(decide("{pillion.dev/inject: tail, tail.pillion.dev/generation: '0123abcd'}")))
                .isEqualTo(new Reason(
                        ReasonCode.GENERATION_UNAVAILABLE,
                        "annotation tail.pillion.dev/generation: it pins generation '0123abcd' of profile 'tail', which is not known; known generations: "
                                + present + " (in force), " + old
                                + " (annotation pillion.dev/inject requests profile 'tail')"));
        assertThat(denied(decide("{pillion.dev/inject: tail}", pinning("0123abcd"), catalog))
                        .message())
                .startsWith(
                        "annotation tail.pillion.dev/generation of namespace shop: it pins generation '0123abcd' of profile 'tail', which is not known");
    }

    @Test
    void deniesAPinWhereTheProfileDoesNotAllowIt() {
        Catalog closed = catalog("pinnable: false");

        assertThat(denied(decide(
                        "{pillion.dev/inject: tail, tail.pillion.dev/generation: '%s'}".formatted(old), SHOP, closed)))
                .isEqualTo(
                        new Reason(
                                ReasonCode.LOCKED_PARAMETER,
                                "annotation tail.pillion.dev/generation: profile 'tail' does not let annotations pin a generation; remove the annotation, or have the platform team set pinnable: true in the profile (annotation pillion.dev/inject requests profile 'tail')"));
        assertThat(images(decide("{pillion.dev/inject: tail}", SHOP, catalog("pinnable: false", permit(old)))))
                .as("a policy can pin it anyway")
                .containsExactly("busybox:1");
    }

    @Test
    void doesNotDenyAPinOfAProfileThatNothingRequests() {
        assertThat(decide("{pillion.dev/inject: env, env.pillion.dev/variables: A=b, tail.pillion.dev/generation: x}"))
                .isInstanceOf(Injected.class);
        assertThat(decide("{}", pinning("x"), catalog)).isInstanceOf(Unchanged.class);
    }

    @Test
    void deniesAnotherPinThanThatOfAPolicyThatLocks() {
        Catalog locked = catalog("", permit(old));

        assertThat(images(decide("{pillion.dev/inject: tail}", pinning(present), locked)))
                .containsExactly("busybox:1");
        assertThat(images(decide(
                        "{pillion.dev/inject: tail, tail.pillion.dev/generation: '%s'}".formatted(old), SHOP, locked)))
                .containsExactly("busybox:1");
        assertThat(denied(decide(
                        "{pillion.dev/inject: tail, tail.pillion.dev/generation: '%s'}".formatted(present),
                        SHOP,
                        locked)))
                .isEqualTo(
                        new Reason(
                                ReasonCode.LOCKED_PARAMETER,
                                "annotation tail.pillion.dev/generation: policy pin pins generation " + old
                                        + " of the profile, and it cannot be changed; remove the annotation (annotation pillion.dev/inject requests profile 'tail')"));
    }

    @Test
    void letsAnnotationsOverrideAPolicyInModeDefault() {
        Catalog byDefault = catalog("", policy("Default", old));

        assertThat(images(decide("{}", SHOP, byDefault))).containsExactly("busybox:1");
        assertThat(images(decide("{}", pinning(present), byDefault))).containsExactly("busybox:2");
        assertThat(images(decide("{tail.pillion.dev/generation: '%s'}".formatted(present), pinning(old), byDefault)))
                .containsExactly("busybox:2");
    }

    @Test
    void appliesThePinOfAPolicyToInstancesThatNoPolicyNames() {
        assertThat(images(decide("{pillion.dev/inject: b.tail}", SHOP, catalog("", permit(old)))))
                .containsExactly("busybox:1");
    }

    @Test
    void deniesAStrictNamespaceWhatAnEnforcingPolicyPinsAndIsNotKnownAndWarnsElsewhere() {
        Catalog enforcing = catalog("", policy("Enforce", "0123abcd"));
        String message =
                "policy pin requests profile 'tail', but policy pin pins generation '0123abcd' of it, which is not known; known generations: "
                        + present + " (in force), " + old;

        assertThat(denied(decide("{}", STRICT, enforcing)))
                .isEqualTo(new Reason(ReasonCode.GENERATION_UNAVAILABLE, message));
        assertThat(injector.violations(pod("{}"), STRICT, enforcing))
                .containsExactly(new Reason(ReasonCode.GENERATION_UNAVAILABLE, message));
        Decision elsewhere = decide("{}", SHOP, enforcing);
        assertThat(elsewhere).isInstanceOf(Unchanged.class);
        assertThat(elsewhere.plan().warnings()).containsExactly(new Reason(ReasonCode.GENERATION_UNAVAILABLE, message));
    }

    @Test
    void saysWhichPolicyDoesNotCompileWithAGeneration() {
        Catalog later = catalog("", """
                mode: Default
                match: {namespaceSelector: {matchLabels: {a: b}}}
                profiles: [{name: tail, parameters: {latter: x}}]
                """);

        assertThat(denied(decide(
                                "{pillion.dev/inject: tail, tail.pillion.dev/generation: '%s'}".formatted(old),
                                SHOP,
                                later))
                        .message())
                .startsWith(
                        "annotation tail.pillion.dev/generation: it pins generation '" + old
                                + "' of profile 'tail', which cannot be used: policy pin does not compile with it: spec.profiles[0].parameters.latter: profile 'tail' has no parameter 'latter'");
    }

    /** Otherwise a pin of an earlier generation would evade a restriction. */
    @Test
    void doesNotMakeARestrictedProfileOpen() {
        Catalog restricted = catalog("access: Restricted");

        assertThat(denied(decide(
                                "{pillion.dev/inject: tail, tail.pillion.dev/generation: '%s'}".formatted(old),
                                SHOP,
                                restricted))
                        .code())
                .isEqualTo(ReasonCode.RESTRICTED_PROFILE);
    }

    @Test
    void checksThePinnedGenerationInTheFinalPod() {
        Catalog enforcing = catalog("", policy("Enforce", old));
        Pod injected = injected("{}", STRICT, enforcing);

        assertThat(injector.violations(injected, STRICT, enforcing)).isEmpty();
        assertThat(injector.violations(injected, STRICT, catalog("", policy("Enforce", present))))
                .isNotEmpty();
    }

    @Test
    void leavesAPodUnchangedInTheSecondPass() {
        Pod injected = injected("{pillion.dev/inject: tail, tail.pillion.dev/generation: '%s'}".formatted(old));

        assertThat(injector.decide(injected, SHOP, catalog)).isInstanceOf(Unchanged.class);
    }

    @Test
    void givesAChangedPinTheResultOfAFreshInjection() {
        String pinned = "{pillion.dev/inject: tail, tail.pillion.dev/generation: '%s'}";
        for (String from : List.of(old, present)) {
            String to = from.equals(old) ? present : old;
            Pod injected = injected(pinned.formatted(from));
            ObjectNode template = injected.tree().deepCopy();
            template.withObject("/metadata/annotations").put("tail.pillion.dev/generation", to);

            Pod again = injected(injector.decide(read(template), SHOP, catalog), read(template));

            Pod fresh = injected(pinned.formatted(to));
            assertThat(again.tree()).isEqualTo(fresh.tree());
        }
    }

    @Test
    void isOutdatedOnlyIfTheGenerationIsNotTheOneThatThePodWouldGet() {
        Pod pinned = injected("{pillion.dev/inject: tail, tail.pillion.dev/generation: '%s'}".formatted(old));
        ObjectNode unpinned = pinned.tree().deepCopy();
        unpinned.withObject("/metadata/annotations").remove("tail.pillion.dev/generation");
        ObjectNode other = injected("{pillion.dev/inject: tail}").tree().deepCopy();
        other.withObject("/metadata/annotations").put("tail.pillion.dev/generation", old);

        assertThat(findings(pinned)).isEmpty();
        assertThat(findings(read(unpinned)))
                .containsExactly("outdated: generation " + old + " was injected, and " + present + " is in force now");
        assertThat(findings(read(other)))
                .containsExactly(
                        "outdated: generation " + present + " was injected, and " + old + " applies to it now");
    }

    @Test
    void tellsWhoPins() {
        assertThat(injector.generations(
                        pod("{tail.pillion.dev/generation: '%s'}".formatted(old)),
                        List.of("tail", "env"),
                        SHOP,
                        catalog))
                .containsExactly(Map.entry(
                        "tail", new ChosenGeneration(old, "pinned by annotation tail.pillion.dev/generation")));
        assertThat(injector.generations(pod("{}"), List.of("tail"), pinning(old), catalog))
                .containsExactly(Map.entry(
                        "tail",
                        new ChosenGeneration(
                                old, "pinned by annotation tail.pillion.dev/generation of namespace shop")));
        assertThat(injector.generations(pod("{}"), List.of("tail"), SHOP, catalog("", permit(old))))
                .containsExactly(Map.entry("tail", new ChosenGeneration(old, "pinned by policy pin")));
    }

    /** For random versions, policies and Pods: a pin decides like a catalog that has only the pinned version. */
    @Test
    void decidesLikeACatalogThatHasOnlyThePinnedVersion() {
        AtomicInteger compared = new AtomicInteger();
        AtomicInteger injected = new AtomicInteger();
        Seeds.each(300, random -> {
            String first = randomVersion(random);
            String second = randomVersion(random);
            List<CatalogResource> policies = randomPolicies(random);
            Catalog base = CatalogReader.builtIn();
            Catalog onlyFirst =
                    ResourceCatalog.over(base).with(base, with(policies, first)).catalog();
            Catalog both = ResourceCatalog.over(base)
                    .with(base, with(List.of(), first))
                    .with(base, with(policies, second))
                    .catalog();
            Profile pinned = onlyFirst.profile("tail").orElseThrow();
            boolean comparable = onlyFirst.policies().size() == policies.size()
                    && both.policies().size() == policies.size()
                    && both.version("tail", pinned.generation()).orElseThrow() instanceof ProfileVersion.Usable
                    && both.profile("tail").orElseThrow().access() == pinned.access();
            if (!comparable) {
                return;
            }
            compared.incrementAndGet();
            Pod pod = pod(randomAnnotations(random, pinned.generation()));
            Namespace namespace = random.nextBoolean() ? SHOP : STRICT;
            Decision expected = injector.decide(pod, namespace, onlyFirst);
            assertThat(summary(injector.decide(pod, namespace, both), pod)).isEqualTo(summary(expected, pod));
            if (expected instanceof Injected(var _, var patch)) {
                injected.incrementAndGet();
                Pod done = read(patch.applyTo(pod.tree()));
                assertThat(injector.violations(done, namespace, both))
                        .isEqualTo(injector.violations(done, namespace, onlyFirst));
                assertThat(summary(injector.decide(done, namespace, both), done))
                        .isEqualTo(summary(injector.decide(done, namespace, onlyFirst), done));
            }
        });
        assertThat(compared.get()).isGreaterThan(100);
        assertThat(injected.get()).isGreaterThan(50);
    }

    private static String randomVersion(Random random) {
        List<String> spec = new ArrayList<>(List.of("pinnable: true"));
        if (random.nextBoolean()) {
            spec.add("parameters: [{name: level, "
                    + List.of("type: string, default: a", "type: string, default: b", "type: integer, default: 1")
                            .get(random.nextInt(3))
                    + "}]");
            spec.add("app: {env: [{name: LEVEL, value: '${string(params.level)}'}]}");
        }
        spec.add("sidecars: [{name: %s, image: 'busybox:%d'}]"
                .formatted(random.nextBoolean() ? "tail" : "follow", random.nextInt(4)));
        if (random.nextBoolean()) {
            spec.add("sharedDirectories: [{path: /var/log/%d}]".formatted(random.nextInt(2)));
        }
        if (random.nextInt(4) == 0) {
            spec.add("skipWhen: [{name: odd, expression: \"has(pod.metadata.name)\", message: Odd.}]");
        }
        if (random.nextInt(3) == 0) {
            spec.add("access: Restricted");
        }
        return String.join("\n", spec);
    }

    private static List<CatalogResource> randomPolicies(Random random) {
        List<CatalogResource> policies = new ArrayList<>();
        for (int index = 0; index < random.nextInt(3); index++) {
            String mode = List.of("Enforce", "Default", "Permit", "Audit").get(random.nextInt(4));
            String parameters = random.nextInt(3) == 0 ? ", parameters: {level: '7'}" : "";
            String instance = random.nextInt(3) == 0 ? ", instance: b" : "";
            policies.add(resource(
                    Kind.POLICY,
                    "p" + index,
                    "mode: " + mode + "\nmatch: {}\nprofiles: [{name: tail" + instance + parameters + "}]"));
        }
        return policies;
    }

    private static String randomAnnotations(Random random, String generation) {
        List<String> annotations = new ArrayList<>(List.of(
                "tail.pillion.dev/generation: '" + generation + "'",
                "b.tail.pillion.dev/generation: '" + generation + "'"));
        if (random.nextInt(4) > 0) {
            annotations.add("pillion.dev/inject: '"
                    + List.of("tail", "b.tail", "tail, b.tail", "false").get(random.nextInt(4)) + "'");
        }
        if (random.nextInt(4) == 0) {
            annotations.add("tail.pillion.dev/level: '" + random.nextInt(9) + "'");
        }
        return "{" + String.join(", ", annotations) + "}";
    }

    private static List<CatalogResource> with(List<CatalogResource> policies, String version) {
        List<CatalogResource> all = new ArrayList<>(policies);
        all.add(resource(Kind.PROFILE, "tail", "description: Tails.\n" + version));
        return all;
    }

    private static String summary(Decision decision, Pod pod) {
        return decision.plan().warnings() + " " + decision.plan().audited() + " "
                + switch (decision) {
                    case Injected(var _, var patch) -> patch.applyTo(pod.tree()).toString();
                    case Unchanged(var reason, var _) -> reason.toString();
                    case Denied denied -> denied.message();
                };
    }

    private List<String> findings(Pod pod) {
        Audit audit = new Audit(injector, catalog, Audit.Detail.CAUSE);
        audit.check(pod, SHOP);
        return audit.findings().stream()
                .map(finding ->
                        finding.finding().kind() + ": " + finding.finding().detail())
                .toList();
    }

    /** A catalog in which the profile has one earlier generation. */
    private static Catalog catalog(String present, String... policies) {
        List<CatalogResource> all = new ArrayList<>(List.of(resource(Kind.PROFILE, "tail", """
                description: Tails.
                pinnable: true
                parameters: [{name: latter, type: string, default: a}]
                sidecars: [{name: tail, image: busybox:2, env: [{name: A, value: "${params.latter}"}]}]
                """, present)));
        for (String policy : policies) {
            all.add(resource(Kind.POLICY, "pin", policy));
        }
        return ResourceCatalog.over(CatalogReader.builtIn())
                .with(CatalogReader.builtIn(), List.of(resource(Kind.PROFILE, "tail", """
                        description: Tails.
                        parameters: [{name: former, type: string, default: a}]
                        sidecars: [{name: former-tail, image: busybox:1, env: [{name: A, value: "${params.former}"}]}]
                        """)))
                .with(CatalogReader.builtIn(), all)
                .catalog();
    }

    private static String permit(String generation) {
        return policy("Permit", generation);
    }

    private static String policy(String mode, String generation) {
        return "mode: %s\nmatch: {}\nprofiles: [{name: tail, generation: '%s'}]".formatted(mode, generation);
    }

    private static CatalogResource resource(Kind kind, String name, String... specs) {
        ObjectNode object = (ObjectNode) yaml("metadata: {name: " + name + ", generation: 1}");
        ObjectNode spec = object.putObject("spec");
        for (String each : specs) {
            if (!each.isEmpty()) {
                spec.setAll((ObjectNode) yaml(each));
            }
        }
        return CatalogResource.of(kind, object);
    }

    private static Namespace pinning(String generation) {
        return new Namespace("shop", Map.of(), Map.of("tail.pillion.dev/generation", generation));
    }

    private Decision decide(String annotations) {
        return decide(annotations, SHOP, catalog);
    }

    private Decision decide(String annotations, Namespace namespace, Catalog other) {
        return injector.decide(pod(annotations), namespace, other);
    }

    private static Pod pod(String annotations) {
        return read(yaml("{metadata: {name: web, annotations: " + annotations
                + "}, spec: {containers: [{name: web, image: nginx}]}}"));
    }

    private static Pod read(JsonNode tree) {
        try {
            return Pod.of(tree);
        } catch (Exception e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static Reason denied(Decision decision) {
        return ((Denied) decision).reason();
    }

    private static List<String> images(Decision decision) {
        return ((Injected) decision)
                .plan().profiles().stream()
                        .map(planned -> planned.profile())
                        .map(GenerationPinsTest::image)
                        .toList();
    }

    private static String image(Profile profile) {
        return profile.containers().getFirst().body().toString().replaceAll("(?s).*(busybox:[0-9]).*", "$1");
    }

    private Pod injected(String annotations) {
        return injected(annotations, SHOP, catalog);
    }

    private Pod injected(String annotations, Namespace namespace, Catalog other) {
        Pod pod = pod(annotations);
        return injected(injector.decide(pod, namespace, other), pod);
    }

    private static Pod injected(Decision decision, Pod pod) {
        return read(((Injected) decision).patch().applyTo(pod.tree()));
    }
}
