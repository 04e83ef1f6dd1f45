"""Currencies of ISO 4217 that are in use, and how many decimals people write where it is not two."""

from decimal import Decimal
from functools import cache

from babel import Locale

CODES = """
    AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLF CLP
    CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR
    ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT
    MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD
    SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VED VES
    VND VUV WST XAF XAG XAU XCD XDR XOF XPD XPF XPT YER ZAR ZMW ZWG
"""
CURRENCIES = frozenset(CODES.split())

NONE, THREE = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF", "BHD IQD JOD KWD LYD OMR TND"
# Metals and drawing rights: ISO 4217 says of no smallest unit.
UNBOUND = frozenset(["XAG", "XAU", "XDR", "XPT"])
DECIMALS = dict.fromkeys(NONE.split(), 0) | dict.fromkeys(THREE.split(), 3) | {"CLF": 4}


def decimals(code: str) -> int:
    """How many decimals an amount of the currency is written with."""
    return DECIMALS.get(code, 2)


def why_too_exact(amount: Decimal, code: str) -> str:
    """Why an amount has more decimals than its currency, and how to write it; "" where it has not."""
    places = decimals(code)
    exponent = amount.normalize().as_tuple().exponent
    if code in UNBOUND or not isinstance(exponent, int) or -exponent <= places:
        return ""
    if not places:
        return f"Amounts in {code} have no decimals. Write a whole amount, such as 10."
    return f"Amounts in {code} have at most {places} decimals. Write such as {Decimal(105).scaleb(-1):.{places}f}."


@cache
def named_currencies() -> dict[str, str]:
    """Every code with its English name of the Unicode CLDR, in the order of the codes."""
    names = Locale("en").currencies
    return {code: str(names.get(code, code)) for code in sorted(CURRENCIES)}


def currencies_called(words: str) -> list[tuple[str, str]]:
    """Those whose code begins with `words`, or whose name has them, whatever their case."""
    asked = words.strip().casefold()
    return [
        (code, name)
        for code, name in named_currencies().items()
        if code.casefold().startswith(asked) or asked in name.casefold()
    ]
