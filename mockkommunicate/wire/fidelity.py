"""The JSON of the fidelity page: what is known and what was shown; an axis of which there is nothing is left out."""

from marshmallow import fields

from mockkommunicate.wire.envelope import Answer

_test = fields.String


class Axes(Answer):
    """What the tests have shown, each with the test: answered with success, refused, sent by a client not of ours."""

    behaviour_tested = _test(data_key="behaviourTested")
    refusal_tested = _test(data_key="refusalTested")
    driven_by = fields.Dict(keys=fields.String(), values=_test(), data_key="drivenBy")


class ParameterFidelity(Axes):
    """A parameter: what it does here (`read`, `kept` or `ignored`), and where it is documented, observed or inferred from."""

    where = fields.String(required=True)
    name = fields.String(required=True)
    effect = fields.String(required=True)
    documented = fields.String()
    observed = fields.String()
    inferred = fields.String()


class ExampleCounts(Answer):
    """How many of an operation's examples are documented, observed, inferred."""

    documented = fields.Integer(required=True)
    observed = fields.Integer(required=True)
    inferred = fields.Integer(required=True)


class OperationFidelity(Axes):
    """An operation; `refusals` has a test for each code with which it was refused."""

    operation = fields.String(required=True)
    title = fields.String(required=True)
    method = fields.String(required=True)
    path = fields.String(required=True)
    examples = fields.Nested(ExampleCounts, required=True)
    refusals = fields.Dict(keys=fields.String(), values=_test(), required=True)
    parameters = fields.List(fields.Nested(ParameterFidelity), required=True)


class Claim(Answer):
    """Something said of the emulator: with tests that show it, or why it cannot be tested."""

    what = fields.String(required=True)
    tests = fields.List(_test())
    because = fields.String()


class SettingClaim(Claim):
    """A setting that decides where evidence lacks."""

    setting = fields.String(required=True)


class OwnCode(Answer):
    """A code that we made up."""

    code = fields.String(required=True)
    when = fields.String(required=True)


class Inferred(Answer):
    """A behaviour that was inferred, of an operation or a topic, and on what it rests."""

    where = fields.String(required=True)
    what = fields.String(required=True)
    source = fields.String(required=True)


class Invented(Answer):
    """Everything that we made up, and the paths that are answered 501."""

    codes = fields.List(fields.Nested(OwnCode), required=True)
    behaviours = fields.List(fields.Nested(Inferred), required=True)
    others = fields.List(fields.Nested(Claim), required=True)
    settings = fields.List(fields.Nested(SettingClaim), required=True)
    headers = fields.List(fields.String(), required=True)
    routes = fields.List(fields.String(), required=True)
    not_emulated = fields.List(fields.String(), required=True, data_key="notEmulated")


class Fidelity(Answer):
    """What is known of the real service and what the tests have shown of the emulator."""

    operations = fields.List(fields.Nested(OperationFidelity), required=True)
    limits = fields.List(fields.Nested(Claim), required=True)
    invented = fields.Nested(Invented, required=True)
