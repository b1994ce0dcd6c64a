"""The words for what the fidelity page is made of."""

from collections.abc import Mapping

_AXES: Mapping[str, str] = {
    "behaviourTested": "A test that sent it and had a success.",
    "refusalTested": "A test that was refused because of it.",
    "drivenBy": "The clients of somebody else that sent it, each with its test.",
}
_PARAMETER: Mapping[str, str] = {
    "ParameterFidelity.where": "Where it stands: body, query, header or path.",
    "ParameterFidelity.name": "Its name; `metadata.KEY` for a key of the metadata.",
    "ParameterFidelity.effect": "`read`: something depends on it; `kept`: stored and given back; `ignored`: sent by clients.",
    "ParameterFidelity.documented": "Where the official documentation names it.",
    "ParameterFidelity.observed": "Which public client sends it, or which server reads it.",
    "ParameterFidelity.inferred": "Why we think that it is taken.",
}
_OPERATION: Mapping[str, str] = {
    "OperationFidelity.operation": "The operation's name, as faults and the journal have it.",
    "OperationFidelity.title": "What it does.",
    "OperationFidelity.method": "The method of its route.",
    "OperationFidelity.path": "The path of its route.",
    "OperationFidelity.examples": "How sure the answers in its contract file are.",
    "OperationFidelity.refusals": "The codes with which tests were refused, each with a test.",
    "OperationFidelity.parameters": "Its parameters.",
    "ExampleCounts.documented": "How many are documented.",
    "ExampleCounts.observed": "How many are observed.",
    "ExampleCounts.inferred": "How many are inferred.",
}
_CLAIM: Mapping[str, str] = {
    "Claim.what": "What is said of the emulator.",
    "Claim.tests": "The tests that show it.",
    "Claim.because": "Why it cannot be tested.",
    "SettingClaim.what": "What is said of the setting.",
    "SettingClaim.tests": "The tests of the setting.",
    "SettingClaim.because": "Why the setting cannot be tested.",
    "SettingClaim.setting": "The setting, with those around it.",
}
_INVENTED: Mapping[str, str] = {
    "OwnCode.code": "The code.",
    "OwnCode.when": "What it is answered for.",
    "Inferred.where": "The operation, or the topic.",
    "Inferred.what": "What was inferred.",
    "Inferred.source": "On what it rests.",
    "Invented.codes": "The codes that are ours.",
    "Invented.behaviours": "What was inferred.",
    "Invented.others": "Whatever else was made up.",
    "Invented.settings": "The settings that decide where evidence lacks.",
    "Invented.headers": "The headers that are ours.",
    "Invented.routes": "The routes that are ours.",
    "Invented.notEmulated": "The paths that the service is known to have, and that are answered 501.",
}
_PAGE: Mapping[str, str] = {
    "Fidelity.operations": "The operations that are emulated.",
    "Fidelity.limits": "What the emulator does not do.",
    "Fidelity.invented": "What was made up.",
}

FIDELITY: Mapping[str, str] = {**_AXES, **_PARAMETER, **_OPERATION, **_CLAIM, **_INVENTED, **_PAGE}
"""The fields of the fidelity page."""
