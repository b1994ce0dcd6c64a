"""What the files of CI and Compose on the pages start, and what they run then."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from tests.pages.blocks import Block

IMAGE = "mockkommunicate"


@dataclass(frozen=True)
class Deployment:
    """Containers of the image, all with the same variables; and commands that run beside them, with theirs."""

    environment: Mapping[str, str]
    replicas: int = 1
    commands: list[str] = field(default_factory=list)
    variables: Mapping[str, str] = field(default_factory=dict)


def read(block: Block) -> Deployment:
    """Read a block of YAML by its mark."""
    document = yaml.safe_load(block.text)
    return {"compose": _compose, "github workflow": _workflow, "gitlab ci": _gitlab}[block.mark](document)


def _compose(document: Mapping[str, Any]) -> Deployment:
    (service,) = [one for one in document["services"].values() if IMAGE in one.get("image", "")]
    return Deployment(service["environment"], service.get("deploy", {}).get("replicas", 1))


def _workflow(document: Mapping[str, Any]) -> Deployment:
    (job,) = document["jobs"].values()
    (service,) = [one for one in job["services"].values() if IMAGE in one["image"]]
    commands = [step["run"] for step in job["steps"] if "run" in step]
    return Deployment(service["env"], commands=commands, variables=job["env"])


def _gitlab(document: Mapping[str, Any]) -> Deployment:
    (job,) = document.values()
    assert [IMAGE in service["name"] for service in job["services"]] == [True]
    commands = [*job["script"], *job["after_script"]]
    return Deployment(job["variables"], commands=commands, variables=job["variables"])
