// Only marks the root of the module. The versions are those of ../cluster/kubernetes-1.36/go.mod, which build passes as -modfile.
module pillion.dev/e2e/podcheck
