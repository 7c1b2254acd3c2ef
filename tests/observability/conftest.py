from tests.observability.writing import written

__all__ = ["written"]
