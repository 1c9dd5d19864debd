package dev.pillion.pod;

/** The lists of containers in a Pod that Pillion reads and adds to. */
public enum ContainerList {
    INIT_CONTAINERS("initContainers"),
    CONTAINERS("containers");

    private final String field;

    ContainerList(String field) {
        this.field = field;
    }

    /** The name of the list in a Pod's spec. */
    public String field() {
        return field;
    }
}
