"""Whom the demo bank's customers pay and by whom they are paid. All invented.

Money is in whole euro; an account in Czech crowns counts 24 for each.
"""

from typing import NamedTuple


class What(NamedTuple):
    """What an item is: how it was done, and what for."""

    code: int
    operation: str
    purpose: str
    description: str


WHATS = [
    What(1, "opening", "", "Balance brought forward"),
    What(2, "incoming transfer", "salary", "Salary"),
    What(3, "incoming transfer", "pension", "Pension"),
    What(4, "incoming transfer", "sales", "Invoices paid"),
    What(5, "standing order", "rent", "Rent"),
    What(6, "direct debit", "utilities", "Electricity and gas, advance"),
    What(7, "direct debit", "telecom", "Mobile and internet"),
    What(8, "direct debit", "insurance", "Household insurance"),
    What(9, "standing order", "savings", "To savings"),
    What(10, "outgoing transfer", "own transfer", "To my account elsewhere"),
    What(11, "cash withdrawal", "cash", "Cash machine"),
    What(12, "incoming transfer", "transfer", "From a friend"),
    What(13, "interest", "interest", "Interest"),
    What(14, "incoming transfer", "savings", "From the current account"),
    What(15, "outgoing transfer", "payroll", "Wages"),
    What(16, "fee", "overdraft fee", "Overdraft fee"),
    What(17, "outgoing transfer", "closing", "Account closed"),
    What(18, "outgoing transfer", "transfer", "From savings"),
    What(19, "cash deposit", "cash", "Cash paid in"),
    What(20, "direct debit", "mortgage", "Mortgage instalment"),
    What(21, "card payment", "household", "Card payment"),
    What(22, "card payment", "restaurant", "Card payment"),
    What(23, "card payment", "transport", "Card payment"),
    What(24, "card payment", "clothing", "Card payment"),
    What(25, "card payment", "leisure", "Card payment"),
    What(26, "card payment", "health", "Card payment"),
    What(27, "card payment", "travel", "Card payment"),
    What(28, "card payment", "supplies", "Card payment"),
]

# One after another: a party's number is its place among all.
GROUPS = {
    "employer": "Moravská strojírna|Vltava Software|Hanácké mlékárny|Labe Logistik|Krušnohorské sklo"
    "|Donau Medizintechnik|Beskydská nemocnice|Vysočina Energo|Nordlicht Versand|Polabské školy"
    "|Šumava Hotels|Wisła Transport|Spree Mobilität|Karpaty Elektronik|Tatra Papier|Alpen Bahnbau"
    "|Město Brno|Stadtwerke Linde|Silesia Metal|Ostravské koksovny|Zlatá ulička Gastro"
    "|Pálava Vinařství|Isar Analytik|Dunaj Lodě|Slezská univerzita práce|Morava Pojezdy",
    "pension office": "Správa důchodů|Rentenkasse Mitte|Zakład Emerytalny|Dôchodková kasa",
    "landlord": "Bytové družstvo Lípa|Hausverwaltung Linden|Domov na Vinici|Spółdzielnia Klon|Wohnbau Donau"
    "|Nájemní domy Kolář|Immobilien Rosengarten|Bytový fond Javor",
    "utility": "Energie Krämer|Moravské plyny|Vodárna Sever|Teplo Jih|Stadtstrom Ost|Enea Wierzba",
    "telecom": "Hlas Mobil|Linka Net|Funkwerk|Telefonia Orzeł",
    "insurer": "Jistota pojišťovna|Schutzbund Versicherung|Tarcza Ubezpieczenia|Istota poisťovňa",
    "lender": "Nordbank Leasing|Domov Hypotéky",
    "shop": "",
    "friend": "J. Novotná|M. Kowalski|T. Schneider|Nguyễn T. L.|A. Yıldız|P. Horváth|K. Dvořák|L. Bauer"
    "|E. Szabó|O. Melnyk",
    "client": "Hotel U Mostu|Gemeinde Lindenau|Obec Javorník|Kavárna Slunce|Werkhof Nord"
    "|Szkoła Podstawowa nr 4|Sklad Východ",
    "own bank": "Nordbank",
}


class Shop(NamedTuple):
    """Where cards are used: what is bought there, for how many euro usually, and how often beside the others."""

    name: str
    what: int
    euro: float
    weight: int


SHOPS = [
    Shop("Zelený košík", 21, 38, 14),
    Shop("Krämerladen Süd", 21, 44, 10),
    Shop("Sklep Pod Lipą", 21, 29, 7),
    Shop("Potraviny Havlíček", 21, 22, 9),
    Shop("Bio Dvůr", 21, 51, 4),
    Shop("Domácí potřeby Kučera", 21, 64, 3),
    Shop("Bistro Na Rohu", 22, 14, 7),
    Shop("Kavárna Slunce", 22, 7, 6),
    Shop("Pizzeria Vesuvio", 22, 26, 4),
    Shop("Phở Hà Nội", 22, 17, 4),
    Shop("Městská doprava", 23, 19, 5),
    Shop("Tankstelle Ost", 23, 58, 6),
    Shop("Benzina Morava", 23, 54, 5),
    Shop("Jízdenky Express", 23, 31, 3),
    Shop("Móda Klára", 24, 72, 3),
    Shop("Schuhhaus Engel", 24, 88, 2),
    Shop("Kino & Serien", 25, 15.9, 4),
    Shop("Knihy U Věže", 25, 23, 3),
    Shop("Sport Vrchol", 25, 69, 2),
    Shop("Lékárna U Lva", 26, 18, 4),
    Shop("Optika Jasno", 26, 120, 1),
    Shop("Cestovka Obzor", 27, 640, 1),
    Shop("Letenky Racek", 27, 210, 1),
    Shop("Penzion Horská chata", 27, 165, 1),
    Shop("Papír a tonery", 28, 47, 3),
    Shop("Železářství Pokorný", 28, 81, 2),
]
