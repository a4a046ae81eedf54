"""`Accept` -> which of two media types is wanted. Pure."""


def prefers(header: str | None, wanted: str, usual: str) -> bool:
    """Return whether the header names `wanted`, and with no smaller weight than `usual`."""
    weights = dict(_weighed(item) for item in reversed((header or "").split(",")))
    weight = weights.get(wanted, 0.0)
    return weight > 0.0 and weight >= weights.get(usual, 0.0)


def _weighed(item: str) -> tuple[str, float]:
    """Read `text/csv;q=0.8`; a weight that cannot be read is none."""
    media_type, *parameters = (part.strip().lower() for part in item.split(";"))
    given = next((value for name, _, value in (p.partition("=") for p in parameters) if name.strip() == "q"), "1")
    try:
        return media_type, float(given)
    except ValueError:
        return media_type, 0.0
