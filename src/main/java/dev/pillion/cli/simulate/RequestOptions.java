package dev.pillion.cli.simulate;

import dev.pillion.cli.manifest.UnusableInputException;
import dev.pillion.injection.reason.Annotations;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/** The options that request profiles as annotations of the Pods would. */
final class RequestOptions {

    private static final Pattern ASSIGNMENT = Pattern.compile("([^=]+)\\.([^.=]+)=(.*)", Pattern.DOTALL);

    @Option(
            names = "--inject",
            paramLabel = "PROFILE",
            split = ",",
            description =
                    "Request profiles, as annotation pillion.dev/inject does; INSTANCE.PROFILE requests an instance.")
    private List<String> profiles = new ArrayList<>();

    @Option(
            names = "--wait-for",
            paramLabel = "TARGET",
            description = "Wait for targets, as annotation pillion.dev/wait-for does.")
    private List<String> targets = new ArrayList<>();

    @Option(
            names = "--set",
            paramLabel = "PROFILE.PARAMETER=VALUE",
            description =
                    "Set a parameter, as annotation PROFILE.pillion.dev/PARAMETER does; PROFILE may be INSTANCE.PROFILE.")
    private List<String> assignments = new ArrayList<>();

    AdditionalRequest request() throws UnusableInputException {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (String assignment : assignments) {
            Matcher parts = ASSIGNMENT.matcher(assignment);
            if (!parts.matches()) {
                throw new UnusableInputException(
                        "--set must be PROFILE.PARAMETER=VALUE, such as logging.path=/var/log/nginx, is '" + assignment
                                + "'");
            }
            parameters.put(Annotations.parameter(parts.group(1), parts.group(2)), parts.group(3));
        }
        return new AdditionalRequest(profiles.stream().map(String::strip).toList(), targets, parameters);
    }
}
