"""Charts and kustomizations to located documents, by the user's own helm and kustomize."""
