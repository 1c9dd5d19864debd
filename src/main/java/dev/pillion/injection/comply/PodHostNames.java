package dev.pillion.injection.comply;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.pod.Pod;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Finds host names of a Pod, and names in its {@code hostAliases} and searches, that redirect a companion that connects to such a host. */
final class PodHostNames {

    private final Pod pod;
    private final String name;

    PodHostNames(Pod pod) {
        this.pod = pod;
        this.name = nameOf(pod);
    }

    /** A field of the Pod's spec with the reason why it redirects a companion. */
    record Redirection(String field, String reason) {}

    /** The name that the kubelet writes to {@code /etc/hosts}; empty if the API server generates it. */
    private static String nameOf(Pod pod) {
        for (String field : List.of("hostnameOverride", "hostname")) {
            String name = pod.spec(field).asText("");
            if (!name.isEmpty()) {
                return name;
            }
        }
        return pod.tree().path("metadata").path("name").asText("");
    }

    /**
     * The redirections. The texts of companions are read only if the Pod has such a name.
     *
     * @param added elements of lists that enforced profiles add themselves
     */
    List<Redirection> redirections(Set<JsonNode> added, Supplier<List<String>> texts) {
        boolean searches =
                pod.spec("dnsConfig").path("searches").valueStream().anyMatch(element -> !added.contains(element));
        if (name.isEmpty() && !searches && pod.spec("hostAliases").isEmpty()) {
            return List.of();
        }
        CompanionHosts hosts = new CompanionHosts(texts.get());
        List<Redirection> redirections = new ArrayList<>();
        if (searches) {
            hosts.triedAfterSearches()
                    .map(host -> new Redirection(
                            "dnsConfig",
                            "has searches that are tried before " + host + ", which a companion connects to"))
                    .ifPresent(redirections::add);
        }
        Set<String> words = pod.spec("hostAliases").isEmpty() && hasPlainName() ? Set.of() : hosts.words();
        alias(words, added)
                .map(alias -> new Redirection("hostAliases", "names " + alias + ", which a companion connects to"))
                .ifPresent(redirections::add);
        redirections.addAll(ofOwnName(name.toLowerCase(Locale.ROOT), words, hosts.connected()));
        return redirections;
    }

    private boolean hasPlainName() {
        return pod.spec("subdomain").asText("").isEmpty()
                && pod.spec("hostnameOverride").asText("").isEmpty();
    }

    private Optional<String> alias(Set<String> words, Set<JsonNode> added) {
        for (JsonNode alias : pod.spec("hostAliases")) {
            if (added.contains(alias)) {
                continue;
            }
            for (JsonNode host : alias.path("hostnames")) {
                if (words.contains(CompanionHosts.withoutDot(host.asText().toLowerCase(Locale.ROOT)))) {
                    return Optional.of(host.asText());
                }
            }
        }
        return Optional.empty();
    }

    /** The kubelet writes the Pod's own name to {@code /etc/hosts} of each container. */
    private List<Redirection> ofOwnName(String name, Set<String> words, Set<String> connected) {
        List<Redirection> redirections = new ArrayList<>();
        if (!pod.spec("hostnameOverride").asText("").isEmpty()) {
            if (connected.contains(name) || (name.indexOf('.') >= 0 && words.contains(name))) {
                redirections.add(new Redirection("hostnameOverride", "is " + name + ", which a companion connects to"));
            }
            return redirections;
        }
        String own = pod.spec("hostname").asText("");
        if (connected.contains(name)) {
            redirections.add(new Redirection(
                    "hostname",
                    "is " + name + (own.isEmpty() ? ", by the Pod's name" : "") + ", which a companion connects to"));
        }
        String subdomain = pod.spec("subdomain").asText("");
        if (!own.isEmpty() && !subdomain.isEmpty()) {
            String full = own + "." + subdomain;
            if (words.stream().anyMatch(word -> word.equals(full) || word.startsWith(full + "."))) {
                redirections.add(
                        new Redirection("subdomain", "makes the Pod " + full + ", which a companion connects to"));
            }
        }
        return redirections;
    }
}
