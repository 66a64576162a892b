"""Names and addresses of machines, as requests and connections have them."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit


def host_name(host: str) -> str:
    """The name in a Host header, without port: lower case, an IPv6 address without its brackets."""
    try:
        return (urlsplit(f"//{host}").hostname or "").rstrip(".")
    except ValueError:
        return ""


def is_local_name(name: str) -> bool:
    """Whether no one else can own this name: localhost, or an IP address, which needs no resolving."""
    return _is_localhost(name) or _parse(name) is not None


def is_loopback(name: str) -> bool:
    """Whether this is a name or an IP address of the machine itself."""
    ip = _parse(name)
    return _is_localhost(name) or (ip is not None and ip.is_loopback)


def connects_for_others(address: str, proxies: str) -> bool:
    """Whether an IP address is of this machine or of a reverse proxy.

    proxies: IP addresses and networks, separated by commas; '*' for any.
    """
    ip = _parse(address)
    if ip is None:
        return False
    networks = [each.strip() for each in proxies.split(",") if each.strip()]
    return ip.is_loopback or "*" in networks or any(ip in ip_network(each) for each in networks)


def client_key(address: str) -> str:
    """What names one client: of an IP address of version 6 it usually has the last 64 bits to itself. A proxy can say
    anything of its clients, which is left as it is."""
    ip = _parse(address)
    return str(IPv6Address(int(ip) >> 64 << 64)) if isinstance(ip, IPv6Address) else address


def _is_localhost(name: str) -> bool:
    return name == "localhost" or name.endswith(".localhost")


def _parse(name: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(name)
    except ValueError:
        return None
