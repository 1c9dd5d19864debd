package dev.pillion.injection.comply;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The host names in the texts of companions: their commands, arguments, variables and files. All names are in lower case. */
final class CompanionHosts {

    private static final Pattern NO_HOST = Pattern.compile("[^A-Za-z0-9.-]+");

    /** A host that something connects to, as its position in a URL or an address shows. */
    private static final Pattern HOST = Pattern.compile("(?://|@|\\bs3:)([A-Za-z0-9][A-Za-z0-9.-]*)");

    private static final Pattern ADDRESS = Pattern.compile("[0-9.]+");

    private final List<String> texts;
    private final Set<String> hosts = new HashSet<>();

    CompanionHosts(List<String> texts) {
        this.texts = texts;
        for (String text : texts) {
            Matcher host = HOST.matcher(text);
            while (host.find()) {
                hosts.add(host.group(1).toLowerCase(Locale.ROOT));
            }
        }
    }

    /** The hosts that companions connect to. */
    Set<String> connected() {
        Set<String> connected = new HashSet<>();
        hosts.forEach(host -> connected.add(withoutDot(host)));
        return connected;
    }

    /** All words of the texts, each of which could be a host. */
    Set<String> words() {
        Set<String> words = new HashSet<>();
        for (String text : texts) {
            for (String word : NO_HOST.split(text)) {
                words.add(withoutDot(word.toLowerCase(Locale.ROOT)));
            }
        }
        return words;
    }

    /** A host for which the resolver tries the searches of the Pod before the full name. */
    Optional<String> triedAfterSearches() {
        return hosts.stream()
                .filter(CompanionHosts::isTriedAfterSearches)
                .sorted()
                .findFirst();
    }

    /** Whether no domain of the cluster completes the name, and the resolver does not try the full name first. */
    private static boolean isTriedAfterSearches(String host) {
        return host.chars().filter(letter -> letter == '.').count() > 1
                && !host.endsWith(".")
                && !host.endsWith(".svc")
                && !ADDRESS.matcher(host).matches();
    }

    /** A fully qualified name may end with a dot. */
    static String withoutDot(String name) {
        return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }
}
