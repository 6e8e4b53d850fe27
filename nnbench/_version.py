"""Version of the package, which rooms below the public face know as well."""

__version__ = "0.1.0"
