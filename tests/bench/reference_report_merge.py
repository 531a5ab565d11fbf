"""What a Python dashboard does with a report it has decoded."""


def merge(into, said):
    """Objects key by key, everything else replaced."""
    for key, value in said.items():
        if isinstance(value, dict) and isinstance(into.get(key), dict):
            merge(into[key], value)
        else:
            into[key] = value
