"""Typed views over Kubernetes objects, and what Kubernetes itself makes of them."""
