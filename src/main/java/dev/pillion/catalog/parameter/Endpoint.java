package dev.pillion.catalog.parameter;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.expression.Excerpt;
import dev.pillion.pod.DnsLabel;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A target to wait for: {@code dns://NAME}, {@code tcp://HOST:PORT} (also plain {@code HOST:PORT}),
 * {@code http(s)://HOST[:PORT]/PATH} or {@code grpc://HOST:PORT} on the network, {@code job/NAME} or {@code pod/LABEL=VALUE} in the
 * Pod's namespace.
 *
 * @param host for a Job its name, for Pods their label selector
 * @param port 0 if the scheme has none
 * @param path with query; empty if the scheme has none
 */
record Endpoint(String scheme, String host, int port, String path) {

    private static final Map<String, Integer> DEFAULT_PORTS = Map.of("http", 80, "https", 443);

    /** A DNS name or an IPv4 address (RFC 1123). Underscores are allowed, because names in use contain them. */
    private static final Pattern HOST =
            Pattern.compile("[A-Za-z0-9_]([-A-Za-z0-9_.]{0,251}[A-Za-z0-9_.])?|\\[[0-9a-fA-F:.]+\\]");

    private static final Pattern PORT = Pattern.compile("[0-9]{1,5}");

    private static final String FORMS =
            "write dns://NAME, HOST:PORT, http://HOST/PATH, https://HOST/PATH, grpc://HOST:PORT, job/NAME or pod/LABEL=VALUE";

    private static final String JOB = "job/";
    private static final String POD = "pod/";

    /** A Job's name labels its Pods, so it is no longer than a label's value. */
    private static final int MAX_JOB_NAME = 63;

    private static final Pattern JOB_NAME = Pattern.compile("[a-z0-9]([-a-z0-9.]*[a-z0-9])?");

    /** A term of a label selector. Set-based terms are not possible, because they contain spaces and commas, which separate targets. */
    private static final Pattern SELECTOR_TERM =
            Pattern.compile("([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?"
                    + "(==?|!=)([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?");

    /** Whether the text continues the label selector of the target before it, for example {@code pod/app=db,tier=cache}. */
    static boolean continues(CharSequence target, String text) {
        return target.length() >= POD.length()
                && POD.contentEquals(target.subSequence(0, POD.length()))
                && !text.startsWith(POD)
                && SELECTOR_TERM.matcher(text).matches();
    }

    static Endpoint parse(String text) throws InvalidValueException {
        if (text.startsWith(JOB)) {
            return job(text.substring(JOB.length()), text);
        }
        if (text.startsWith(POD)) {
            return pods(text.substring(POD.length()), text);
        }
        try {
            URI uri = new URI(text.contains("://") ? text : "tcp://" + text);
            String scheme = Optional.ofNullable(uri.getScheme()).orElse("").toLowerCase(Locale.ROOT);
            String authority = Optional.ofNullable(uri.getRawAuthority()).orElse("");
            if (authority.contains("@")) {
                throw new InvalidValueException(
                        quoted(text) + " contains a user name or password, which an endpoint must not contain");
            }
            if (uri.getRawFragment() != null) {
                throw new InvalidValueException(quoted(text) + " has a #fragment, which is never sent to a server");
            }
            String rest = Optional.ofNullable(uri.getRawPath()).orElse("")
                    + Optional.ofNullable(uri.getRawQuery())
                            .map(query -> "?" + query)
                            .orElse("");
            return switch (scheme) {
                case "dns" -> new Endpoint(scheme, host(authority, text), 0, nothing(rest, text));
                case "tcp", "grpc" -> withPort(scheme, authority, nothing(rest, text), text);
                case "http", "https" -> withPort(scheme, authority, rest.startsWith("/") ? rest : "/" + rest, text);
                default ->
                    throw new InvalidValueException(
                            quoted(text) + " has an unknown scheme '" + Excerpt.of(scheme) + "'; " + FORMS);
            };
        } catch (URISyntaxException e) {
            throw new InvalidValueException(quoted(text) + " is no endpoint; " + FORMS);
        }
    }

    private static Endpoint job(String name, String text) throws InvalidValueException {
        if (name.length() > MAX_JOB_NAME || !JOB_NAME.matcher(name).matches()) {
            throw new InvalidValueException(quoted(text) + " has no valid name of a Job; write job/NAME");
        }
        return new Endpoint("job", name, 0, "");
    }

    private static Endpoint pods(String selector, String text) throws InvalidValueException {
        for (String term : selector.split(",", -1)) {
            if (!SELECTOR_TERM.matcher(term).matches()) {
                throw new InvalidValueException(
                        quoted(text) + " has no valid label selector; write pod/LABEL=VALUE, such as pod/app=db");
            }
        }
        return new Endpoint("pod", selector, 0, "");
    }

    private static Endpoint withPort(String scheme, String authority, String path, String text)
            throws InvalidValueException {
        int colon = authority.lastIndexOf(':');
        boolean ported = colon > authority.lastIndexOf(']');
        if (!ported && !DEFAULT_PORTS.containsKey(scheme)) {
            throw new InvalidValueException(quoted(text) + " has no port; write HOST:PORT");
        }
        String host = host(ported ? authority.substring(0, colon) : authority, text);
        int port = ported ? port(authority.substring(colon + 1), text) : DEFAULT_PORTS.getOrDefault(scheme, 0);
        return new Endpoint(scheme, host, port, path);
    }

    private static String host(String host, String text) throws InvalidValueException {
        if (!HOST.matcher(host).matches()) {
            throw new InvalidValueException(quoted(text) + " has no valid host name; " + FORMS);
        }
        return host;
    }

    private static int port(String port, String text) throws InvalidValueException {
        if (!PORT.matcher(port).matches() || Integer.parseInt(port) < 1 || Integer.parseInt(port) > 65_535) {
            throw new InvalidValueException(quoted(text) + " has no valid port; ports are 1 to 65535");
        }
        return Integer.parseInt(port);
    }

    private static String nothing(String rest, String text) throws InvalidValueException {
        if (!rest.isEmpty() && !rest.equals("/")) {
            throw new InvalidValueException(quoted(text) + " has a path, which only http:// and https:// have");
        }
        return "";
    }

    private static String quoted(String text) {
        return "'" + Excerpt.of(text) + "'";
    }

    /** The endpoint's part of a container's name. A host such as {@code [::]} has no letters, so the scheme replaces it. */
    String slug() {
        String slug = DnsLabel.like(isObject() ? url() : hostAndPort());
        return slug.isEmpty() ? scheme : slug;
    }

    /** Whether it is an object of the cluster and not a network address. */
    private boolean isObject() {
        return scheme.equals("job") || scheme.equals("pod");
    }

    private String url() {
        return isObject() ? scheme + "/" + host : scheme + "://" + address() + path;
    }

    private String address() {
        return host + (port == 0 ? "" : ":" + port);
    }

    private String hostAndPort() {
        boolean portSays = port != 0 && !Integer.valueOf(port).equals(DEFAULT_PORTS.get(scheme));
        return portSays ? host + "-" + port : host;
    }

    /** The value of the endpoint in expressions. */
    ObjectNode toJson(String name) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("scheme", scheme)
                .put("host", host.startsWith("[") ? host.substring(1, host.length() - 1) : host)
                .put("port", port)
                .put("path", path)
                .put("address", address())
                .put("url", url())
                .put("name", name);
    }
}
