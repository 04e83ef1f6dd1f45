"""Where a webhook may go."""

import ipaddress

import pytest

from communications.channels.addresses import RefusedAddress, check_address, check_url

INSIDE = [
    *(
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "100.100.100.200",
    ),
    *("0.0.0.0", "255.255.255.255", "224.0.0.1", "198.18.0.1", "192.0.2.1", "240.0.0.1"),
    *("::1", "::", "fe80::1", "fc00::1", "fd00:ec2::254", "ff02::1", "2001:db8::1"),
    *(
        "::ffff:10.0.0.1",
        "::ffff:8.8.8.8",
        "::10.0.0.1",
        "2002:0a00:0001::",
        "64:ff9b::0a00:1",
        "64:ff9b:1::1",
    ),
    *("2001:0:4136:e378::", "2a00::5efe:0a00:1", "2a00::200:5efe:0a00:1"),
]


@pytest.mark.parametrize("address", INSIDE)
def test_addresses_inside_are_refused(address: str) -> None:
    with pytest.raises(RefusedAddress):
        check_address(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", ["93.184.216.34", "1.1.1.1", "2606:2800:220:1::1"])
def test_addresses_of_the_world_are_taken(address: str) -> None:
    check_address(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "url",
    [
        *("http://hooks.bank.example/", "https://hooks.bank.example:8080/", "ftp://hooks.bank.example/"),
        *("https://127.0.0.1/", "https://[::1]/", "https://[::ffff:127.0.0.1]/", "https://10.0.0.1:8443/"),
        *(
            "https://user:secret@hooks.bank.example/",
            "https://hooks.bank.example:port/",
            "https:///",
            "javascript:1",
        ),
        *("http://localhost:8000/", "http://127.0.0.1:8000/"),
        *("https://①②⑦.0.0.1/", "https://１６９.254.169.254/", "https://127。0。0。1:8443/"),
    ],
)
def test_urls_that_are_refused(url: str) -> None:
    with pytest.raises(RefusedAddress):
        check_url(url)


@pytest.mark.parametrize(
    "url", ["https://hooks.bank.example/x", "https://hooks.bank.example:8443/x", "https://1.1.1.1/"]
)
def test_urls_that_are_taken(url: str) -> None:
    check_url(url)


def test_loopback_is_for_developers_only() -> None:
    check_url("http://127.0.0.1:9000/hook", allow_loopback=True)
    with pytest.raises(RefusedAddress):
        check_url("http://10.0.0.1:9000/hook", allow_loopback=True)
