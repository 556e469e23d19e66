module truehop/tools/prometheus-operator

go 1.26

// Nothing is built of it: its source holds the definitions of its kinds.
tool github.com/prometheus-operator/prometheus-operator/cmd/operator

require github.com/prometheus-operator/prometheus-operator v0.85.0
