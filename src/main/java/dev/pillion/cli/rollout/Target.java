package dev.pillion.cli.rollout;

import dev.pillion.cluster.ResourceType;
import dev.pillion.pod.Owner;
import java.util.Comparator;
import java.util.Optional;

/** The name of a workload. */
record Target(String namespace, String kind, String name) {

    static final Comparator<Target> ORDER =
            Comparator.comparing(Target::namespace).thenComparing(Target::kind).thenComparing(Target::name);

    static Target of(String namespace, Owner owner) {
        return new Target(namespace, owner.kind(), owner.name());
    }

    /** The type, if it can be restarted by a change of its Pod template; empty for all other kinds. */
    Optional<ResourceType> restartable() {
        return ResourceType.named(kind).filter(type -> switch (type) {
            case DEPLOYMENT, STATEFUL_SET, DAEMON_SET -> true;
            case POD, REPLICA_SET, REPLICATION_CONTROLLER, JOB, CRON_JOB -> false;
        });
    }

    /** As kubectl writes it, without the namespace. */
    String workload() {
        return kind + "/" + name;
    }

    @Override
    public String toString() {
        return workload() + " in namespace " + namespace;
    }
}
