package dev.pillion.certificates;

import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * The subject of a verified client certificate. As in Kubernetes, the common name is the user, and each organization is a group.
 *
 * @param names the common names (CN) of the subject; a well-formed certificate has one
 * @param groups the organizations (O) of the subject
 * @param notAfter the earliest end of a certificate in the chain, including the authority
 */
public record ClientIdentity(List<String> names, Set<String> groups, Instant notAfter) {

    public ClientIdentity {
        names = List.copyOf(names);
        groups = Set.copyOf(groups);
    }
}
