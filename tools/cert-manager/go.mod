module truehop/tools/cert-manager

go 1.26

// Nothing is built of it: its source holds the definitions of its kinds.
tool github.com/cert-manager/cert-manager/cmd/controller

require github.com/cert-manager/cert-manager v1.18.2
