package dev.pillion.injection.comply;

import java.util.List;

/**
 * The fields of a Pod's spec, each with the rule for Pods with enforced companions. {@link PodFieldsCheck} checks the rules.
 * {@code docs/enforcement.md} shows the list, and a test compares both with each other and with Kubernetes' own fields.
 */
public final class PodFields {

    /** @param rule the values that are allowed; empty if the app may set the field freely */
    public record PodField(String name, String rule, String why) {

        static PodField own(String name, String why) {
            return new PodField(name, "", why);
        }
    }

    private static final String HOSTS_FILE =
            "`/etc/hosts` of each container contains the name of the Pod, by default `metadata.name`";

    public static final List<PodField> ALL = List.of(
            PodField.own("activeDeadlineSeconds", "terminates the app together with its companions"),
            PodField.own("affinity", "decides where the Pod runs"),
            PodField.own(
                    "automountServiceAccountToken",
                    "a companion that needs the token fails without it, so the Pod does not become ready"),
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
            PodField.own("hostUsers", "`false` isolates companions better than the default, which is `true`"),
            new PodField("hostname", "not the name of a host that a companion connects to", HOSTS_FILE),
            new PodField("hostnameOverride", "not the name of a host that a companion connects to", HOSTS_FILE),
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
            PodField.own("readinessGates", "can only delay the readiness of the Pod"),
            PodField.own("resourceClaims", "a companion gets only claims that its profile names"),
            new PodField(
                    "resources",
                    "limits that are not below the requests of a companion",
                    "the Pod's limits replace those of its containers"),
            PodField.own(
                    "restartPolicy",
                    "native sidecars have their own restartPolicy; for plain sidecars, that of the Pod applies"),
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
            new PodField(
                    "subdomain", "with `hostname`, not the name of a host that a companion connects to", HOSTS_FILE),
            PodField.own("terminationGracePeriodSeconds", "how the app terminates"),
            PodField.own("tolerations", "decides where the Pod runs"),
            PodField.own("topologySpreadConstraints", "decides where the Pod runs"),
            new PodField("volumes", "the volumes of companions are as rendered", "compared field by field"));

    private PodFields() {}
}
