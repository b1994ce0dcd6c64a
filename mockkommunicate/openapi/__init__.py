"""The OpenAPI 3.1 documents of both APIs, made from the routes, schemas and examples that are really served."""

from mockkommunicate.openapi.control import describe_control
from mockkommunicate.openapi.emulated import describe_kommunicate

DESCRIBED = {"kommunicate": describe_kommunicate, "control": describe_control}
"""What makes a document, by its name: a function of the application and the URL at which it is served."""

__all__ = ["DESCRIBED", "describe_control", "describe_kommunicate"]
