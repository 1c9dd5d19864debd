package dev.pillion.injection.comply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.pillion.injection.plan.RenderedProfile;
import dev.pillion.pod.Pod;
import dev.pillion.pod.Quantity;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds what a Pod's spec says beside its containers that changes what an enforced companion runs. The rest of the spec is the app's own.
 * {@code docs/enforcement.md} shows the list, and a test compares both with each other and with Kubernetes' own fields.
 */
public final class PodFields {

    /** @param rule what must hold of the field; empty where it is the app's own */
    public record PodField(String name, String rule, String why) {

        static PodField own(String name, String why) {
            return new PodField(name, "", why);
        }
    }

    private static final String BEARS =
            "`/etc/hosts` of each container contains the name of the Pod, by default `metadata.name`";

    public static final List<PodField> ALL = List.of(
            PodField.own("activeDeadlineSeconds", "terminates the app together with its companions"),
            PodField.own("affinity", "decides where the Pod runs"),
            PodField.own(
                    "automountServiceAccountToken",
                    "a companion that needs the token fails without it, and the app with it"),
            new PodField(
                    "containers",
                    "the companions are as rendered; the app's containers have what the profiles add",
                    "compared field by field"),
            new PodField(
                    "dnsConfig",
                    "no `nameservers`; no `searches` if a companion connects to a host by its full name",
                    "another name server, or a domain that is tried before the full name, would redirect companions"),
            new PodField(
                    "dnsPolicy",
                    "absent, `ClusterFirst` or `ClusterFirstWithHostNet`",
                    "with another one, companions do not find Services"),
            PodField.own(
                    "enableServiceLinks",
                    "it adds only variables that are named after Services and end with _HOST, _PORT, _PROTO or _ADDR"),
            new PodField("ephemeralContainers", "absent", "a Pod cannot be created with ephemeral containers"),
            new PodField(
                    "hostAliases",
                    "no name that occurs in a companion's arguments, variables or files",
                    "an alias would redirect that companion"),
            new PodField("hostIPC", "not true", "the app could reach a companion's shared memory"),
            PodField.own("hostNetwork", "a profile that does not support it has a guard"),
            new PodField("hostPID", "not true", "the app could stop or change a companion's processes"),
            PodField.own("hostUsers", "both values isolate companions at least as well as containers do"),
            new PodField("hostname", "not the name of a host that a companion connects to", BEARS),
            new PodField("hostnameOverride", "not the name of a host that a companion connects to", BEARS),
            PodField.own(
                    "imagePullSecrets",
                    "they do not change which image is used; the profile's own secrets must be present"),
            new PodField(
                    "initContainers",
                    "the companions are as rendered and start in their order",
                    "compared field by field"),
            PodField.own("nodeName", "decides where the Pod runs"),
            PodField.own(
                    "nodeSelector", "decides where the Pod runs; a Linux node does not run a Pod that selects Windows"),
            PodField.own("os", "a Linux node does not run a Windows Pod"),
            PodField.own("overhead", "belongs to the runtime class"),
            PodField.own("preemptionPolicy", "decides where the Pod runs"),
            PodField.own("priority", "decides where the Pod runs"),
            PodField.own("priorityClassName", "decides where the Pod runs"),
            PodField.own("readinessGates", "can only make the Pod less ready"),
            PodField.own("resourceClaims", "a companion gets only claims that its profile names"),
            new PodField(
                    "resources",
                    "limits that are not below the requests of a companion",
                    "the Pod's limits replace those of its containers"),
            PodField.own(
                    "restartPolicy",
                    "native sidecars have their own restartPolicy; plain sidecars terminate with the Pod of a Job"),
            PodField.own("runtimeClassName", "the cluster's operator creates runtime classes"),
            PodField.own("schedulerName", "decides where the Pod runs"),
            PodField.own("schedulingGates", "decides when the Pod runs"),
            new PodField(
                    "securityContext",
                    "no `appArmorProfile` except `RuntimeDefault`, no `seLinuxOptions` except `level`, no `windowsOptions`",
                    "it applies to companions too; hardened companions override its other fields"),
            PodField.own("serviceAccount", "the app's identity"),
            PodField.own("serviceAccountName", "the app's identity"),
            PodField.own("setHostnameAsFQDN", "a host name for the app"),
            new PodField("shareProcessNamespace", "not true", "the app could stop or change a companion's processes"),
            new PodField("subdomain", "with `hostname`, not the name of a host that a companion connects to", BEARS),
            PodField.own("terminationGracePeriodSeconds", "how the app terminates"),
            PodField.own("tolerations", "decides where the Pod runs"),
            PodField.own("topologySpreadConstraints", "decides where the Pod runs"),
            new PodField("volumes", "the volumes of companions are as rendered", "compared field by field"));

    private static final Set<String> DNS_POLICIES = Set.of("", "ClusterFirst", "ClusterFirstWithHostNet");

    private static final Pattern NO_HOST = Pattern.compile("[^A-Za-z0-9.-]+");

    /** A host that something connects to, as far as its place tells. */
    private static final Pattern HOST = Pattern.compile("(?://|@|\\bs3:)([A-Za-z0-9][A-Za-z0-9.-]*)");

    private static final Pattern ADDRESS = Pattern.compile("[0-9.]+");

    private final Pod pod;
    private final Set<String> tolerated;

    /** Name servers, searches and host aliases that enforced profiles add themselves. */
    private final Set<JsonNode> given = new HashSet<>();

    private final Set<String> givenFields = new HashSet<>();
    private final List<String> findings = new ArrayList<>();

    private PodFields(Pod pod, Set<String> tolerated, List<RenderedProfile> enforced) {
        this.pod = pod;
        this.tolerated = tolerated;
        for (RenderedProfile each : enforced) {
            Map<String, JsonNode> added = each.pod();
            added.getOrDefault("hostAliases", MissingNode.getInstance()).forEach(given::add);
            JsonNode dns = added.getOrDefault("dnsConfig", MissingNode.getInstance());
            dns.path("nameservers").forEach(given::add);
            dns.path("searches").forEach(given::add);
            if (added.getOrDefault("shareProcessNamespace", MissingNode.getInstance())
                    .asBoolean()) {
                givenFields.add("shareProcessNamespace");
            }
        }
    }

    /**
     * What is wrong with a Pod that has enforced companions: a sentence for each field.
     *
     * @param texts all that is written in the companions and their files
     * @param enforced what it adds to these fields is as it is to be
     */
    static List<String> findings(
            Pod pod,
            Set<String> tolerated,
            Map<String, JsonNode> budgets,
            Supplier<List<String>> texts,
            List<RenderedProfile> enforced) {
        PodFields fields = new PodFields(pod, tolerated, enforced);
        fields.isolation();
        fields.names(texts);
        fields.security();
        fields.budget(budgets);
        fields.find("ephemeralContainers", !pod.spec("ephemeralContainers").isEmpty(), "cannot be part of a new Pod");
        return fields.findings;
    }

    private void isolation() {
        for (String field : List.of("hostIPC", "hostPID", "shareProcessNamespace")) {
            find(field, pod.spec(field).asBoolean(), "lets the app reach into its companions");
        }
    }

    private void names(Supplier<List<String>> texts) {
        find(
                "dnsConfig",
                hasOther(pod.spec("dnsConfig").path("nameservers")),
                "has nameservers, which decide where companions connect to");
        String policy = pod.spec("dnsPolicy").asText("");
        find("dnsPolicy", !DNS_POLICIES.contains(policy), "keeps companions from finding Services");
        String name = ownName();
        boolean searches = hasOther(pod.spec("dnsConfig").path("searches"));
        if (name.isEmpty() && !searches && pod.spec("hostAliases").isEmpty()) {
            return;
        }
        List<String> all = texts.get();
        Set<String> hosts = new HashSet<>();
        for (String text : all) {
            Matcher host = HOST.matcher(text);
            while (host.find()) {
                hosts.add(host.group(1).toLowerCase(Locale.ROOT));
            }
        }
        if (searches) {
            hosts.stream()
                    .filter(PodFields::isTriedLater)
                    .sorted()
                    .findFirst()
                    .ifPresent(host -> find(
                            "dnsConfig",
                            true,
                            "has searches, which are tried before " + host + ", which a companion connects to"));
        }
        Set<String> connected = new HashSet<>();
        hosts.forEach(host -> connected.add(withoutDot(host)));
        Set<String> words = pod.spec("hostAliases").isEmpty() && bearsPlainName() ? Set.of() : words(all);
        diverted(words)
                .ifPresent(alias -> find("hostAliases", true, "names " + alias + ", which a companion connects to"));
        borne(name.toLowerCase(Locale.ROOT), words, connected);
    }

    private boolean hasOther(JsonNode list) {
        return list.valueStream().anyMatch(element -> !given.contains(element));
    }

    /** Whether a name has so many parts that no domain of the cluster's completes it, and that others are tried before it stands alone. */
    private static boolean isTriedLater(String host) {
        return host.chars().filter(letter -> letter == '.').count() > 1
                && !host.endsWith(".")
                && !host.endsWith(".svc")
                && !ADDRESS.matcher(host).matches();
    }

    private boolean bearsPlainName() {
        return pod.spec("subdomain").asText("").isEmpty()
                && pod.spec("hostnameOverride").asText("").isEmpty();
    }

    /** Empty where it is one that the API server made. */
    private String ownName() {
        for (String field : List.of("hostnameOverride", "hostname")) {
            String name = pod.spec(field).asText("");
            if (!name.isEmpty()) {
                return name;
            }
        }
        return pod.tree().path("metadata").path("name").asText("");
    }

    /** The kubelet writes the Pod's own name into each container's list of hosts. */
    private void borne(String name, Set<String> words, Set<String> connected) {
        if (!pod.spec("hostnameOverride").asText("").isEmpty()) {
            find(
                    "hostnameOverride",
                    connected.contains(name) || (name.indexOf('.') >= 0 && words.contains(name)),
                    "is " + name + ", which a companion connects to");
            return;
        }
        String own = pod.spec("hostname").asText("");
        find(
                "hostname",
                connected.contains(name),
                "is " + name + (own.isEmpty() ? ", by the Pod's name" : "") + ", which a companion connects to");
        String subdomain = pod.spec("subdomain").asText("");
        if (!own.isEmpty() && !subdomain.isEmpty()) {
            String full = own + "." + subdomain;
            find(
                    "subdomain",
                    words.stream().anyMatch(word -> word.equals(full) || word.startsWith(full + ".")),
                    "makes the Pod " + full + ", which a companion connects to");
        }
    }

    private static Set<String> words(List<String> texts) {
        Set<String> words = new HashSet<>();
        for (String text : texts) {
            for (String word : NO_HOST.split(text)) {
                words.add(withoutDot(word.toLowerCase(Locale.ROOT)));
            }
        }
        return words;
    }

    /** A name in full may end with a dot, and is the same without. */
    private static String withoutDot(String name) {
        return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }

    private Optional<String> diverted(Set<String> words) {
        for (JsonNode alias : pod.spec("hostAliases")) {
            if (given.contains(alias)) {
                continue;
            }
            for (JsonNode name : alias.path("hostnames")) {
                if (words.contains(withoutDot(name.asText().toLowerCase(Locale.ROOT)))) {
                    return Optional.of(name.asText());
                }
            }
        }
        return Optional.empty();
    }

    private void security() {
        JsonNode context = pod.spec("securityContext");
        String appArmor = context.path("appArmorProfile").path("type").asText("RuntimeDefault");
        boolean label = false;
        for (Map.Entry<String, JsonNode> option : context.path("seLinuxOptions").properties()) {
            label |= !option.getKey().equals("level")
                    && !option.getValue().asText("").isEmpty();
        }
        boolean windows = !context.path("windowsOptions").isEmpty();
        find(
                "securityContext",
                !appArmor.equals("RuntimeDefault") || label || windows,
                "weakens or stops companions by its "
                        + (windows ? "windowsOptions" : label ? "seLinuxOptions" : "appArmorProfile"));
    }

    private void budget(Map<String, JsonNode> budgets) {
        for (Map.Entry<String, JsonNode> limit :
                pod.spec("resources").path("limits").properties()) {
            Optional<BigDecimal> most = Quantity.amount(limit.getValue().asText());
            for (Map.Entry<String, JsonNode> companion : budgets.entrySet()) {
                Optional<BigDecimal> request = Quantity.amount(companion
                        .getValue()
                        .path("requests")
                        .path(limit.getKey())
                        .asText());
                if (request.isPresent()
                        && most.filter(amount -> amount.compareTo(request.get()) >= 0)
                                .isEmpty()) {
                    find(
                            "resources",
                            true,
                            "limits " + limit.getKey() + " to less than companion " + companion.getKey() + " requests");
                    return;
                }
            }
        }
    }

    private void find(String field, boolean wrong, String what) {
        if (wrong && !tolerated.contains(field) && !givenFields.contains(field)) {
            findings.add("spec." + field + " " + what);
        }
    }
}
