"""Which addresses may be called."""

import pytest

from mockkommunicate.domain.targets import Allowed, is_pattern

NEAR = ["127.0.0.1", "127.8.9.1", "10.0.0.5", "172.16.0.1", "172.31.255.255", "192.168.1.1", "::1", "fd12::1"]
FAR = ["93.184.216.34", "8.8.8.8", "172.32.0.1", "11.0.0.1", "100.64.0.1", "2001:db8::1", "2606:4700::1111"]
METADATA = [
    *("169.254.169.254", "169.254.170.2", "169.254.0.1", "100.100.100.200", "168.63.129.16", "192.0.0.192"),
    *("fe80::1", "fe80::1%eth0", "fd00:ec2::254", "fd20:ce::254"),
]
DISGUISED = [
    *("::ffff:169.254.169.254", "::ffff:a9fe:a9fe", "64:ff9b::169.254.169.254", "2002:a9fe:a9fe::1"),
    *("::ffff:100.100.100.200", "64:ff9b::6464:64c8"),
]
NOBODY = ["0.0.0.0", "::", "255.255.255.255", "224.0.0.1", "ff02::1", "::ffff:0.0.0.0"]
EVERYTHING = ["*", "0.0.0.0/0", "::/0"]


@pytest.mark.parametrize("address", NEAR)
def test_this_machine_and_private_networks_may_be_called(address: str) -> None:
    assert Allowed().refusal("somewhere", address) is None


@pytest.mark.parametrize("address", ["::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::10.0.0.1"])
def test_an_address_is_what_it_stands_for(address: str) -> None:
    assert Allowed().refusal(address, address) is None


@pytest.mark.parametrize("address", FAR)
def test_the_rest_of_the_world_must_be_allowed(address: str) -> None:
    assert Allowed().refusal("hooks.example.com", address) == (
        f"hooks.example.com is {address}, which is neither loopback nor private: "
        "serve with --allow-outbound hooks.example.com to allow it"
    )


@pytest.mark.parametrize(
    "pattern",
    ["hooks.example.com", "HOOKS.example.com", "*.example.com", "*", "93.184.216.34", "93.184.0.0/16"],
)
def test_a_name_an_address_or_a_network_may_be_allowed(pattern: str) -> None:
    assert Allowed((pattern,)).refusal("hooks.example.com", "93.184.216.34") is None


@pytest.mark.parametrize(
    "pattern", ["example.com", "hooks.example.org", "93.184.216.35", "10.0.0.0/8", "2001::/16"]
)
def test_what_a_pattern_does_not_name_it_does_not_allow(pattern: str) -> None:
    assert Allowed((pattern,)).refusal("hooks.example.com", "93.184.216.34") is not None


@pytest.mark.parametrize("address", METADATA + DISGUISED)
def test_metadata_is_never_called_whatever_is_allowed(address: str) -> None:
    for patterns in ([], EVERYTHING, [address.partition("%")[0]], ["metadata"]):
        refusal = Allowed(patterns).refusal("metadata", address)

        assert refusal == (
            f"metadata is {address}, which is never called: link-local addresses and clouds' metadata services"
        )


@pytest.mark.parametrize("address", NOBODY)
def test_an_address_of_nobody_is_never_called(address: str) -> None:
    refusal = Allowed(EVERYTHING).refusal(address, address)

    assert refusal == f"{address} is never called: no single machine has this address"


@pytest.mark.parametrize(
    "pattern",
    ["localhost", "hooks.example.com", "*.example.com", "*", "10.1.2.3", "10.0.0.0/8", "::1", "fd00::/8"],
)
def test_what_may_be_a_pattern(pattern: str) -> None:
    assert is_pattern(pattern)


@pytest.mark.parametrize(
    "pattern",
    ["", "http://example.com", "example.com/path", "example.com:80", "10.0.0.0/40", "a b", "me@x", "\n"],
)
def test_what_can_be_no_pattern(pattern: str) -> None:
    assert not is_pattern(pattern)
