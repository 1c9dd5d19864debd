package dev.pillion.certificates;

import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * Whom a verified client certificate was issued to. Kubernetes reads the two fields of the subject in the same way: the common name is the
 * user, and each organization is a group.
 *
 * @param names the common names (CN) of the subject; a well-formed certificate has one
 * @param groups the organizations (O) of the subject
 * @param notAfter the end of the first certificate of the chain that ends, the authority's included
 */
public record ClientIdentity(List<String> names, Set<String> groups, Instant notAfter) {

    public ClientIdentity {
        names = List.copyOf(names);
        groups = Set.copyOf(groups);
    }
}
