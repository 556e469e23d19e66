"""truehop: does a mail server on Kubernetes see the real address of its client?"""

__version__ = "0.1.0"
