"""What a verification found, in every format; a module with a ``FORMAT`` is one."""
