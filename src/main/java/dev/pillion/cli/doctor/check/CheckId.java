package dev.pillion.cli.doctor.check;

import dev.pillion.cli.option.Keywords;

/** The checks, in the order in which they run. The ids are stable: scripts and links use them, and docs/doctor.md has a heading for each. */
public enum CheckId {
    KUBERNETES_VERSION(Group.CLUSTER),
    CLOCK(Group.CLUSTER),
    INSTALL_RIGHTS(Group.CLUSTER),
    POD_SECURITY(Group.CLUSTER),
    CRDS(Group.INSTALLATION),
    RBAC(Group.INSTALLATION),
    IMAGE(Group.INSTALLATION),
    DEPLOYMENT(Group.INSTALLATION),
    DISRUPTION_BUDGET(Group.INSTALLATION),
    VERSIONS(Group.INSTALLATION),
    SERVICE(Group.CONNECTION),
    ENDPOINTS(Group.CONNECTION),
    NETWORK_POLICIES(Group.CONNECTION),
    CERTIFICATE(Group.CONNECTION),
    WEBHOOKS(Group.WEBHOOKS),
    CA_BUNDLE(Group.WEBHOOKS),
    OTHER_WEBHOOKS(Group.WEBHOOKS),
    OUTAGE(Group.WEBHOOKS),
    DRY_RUN_POD(Group.WEBHOOKS);

    /** The headings of the output. */
    public enum Group {
        CLUSTER("Cluster"),
        INSTALLATION("Installation"),
        CONNECTION("Connection from the API server"),
        WEBHOOKS("Webhooks");

        private final String title;

        Group(String title) {
            this.title = title;
        }

        public String title() {
            return title;
        }
    }

    private final Group group;

    CheckId(Group group) {
        this.group = group;
    }

    public Group group() {
        return group;
    }

    /** The id in the output. */
    public String id() {
        return Keywords.of(this);
    }

    /** The section of the documentation, relative to the root of the sources. */
    public String page() {
        return "docs/doctor.md#" + id();
    }
}
