"""Where the demo bank has branches, and who lives there."""

from typing import NamedTuple


class City(NamedTuple):
    """A city with a branch, and how many of a thousand customers live there."""

    name: str
    country: str
    per_mille: int


class Country(NamedTuple):
    """What follows from a country: language, dialling code, form and trades of companies, cultures in per cent."""

    language: str
    dialling: str
    company: str
    trades: str
    cultures: dict[str, int]


CITIES = [
    City("Praha", "CZ", 165),
    City("Brno", "CZ", 95),
    City("Ostrava", "CZ", 70),
    City("Plzeň", "CZ", 45),
    City("Olomouc", "CZ", 35),
    City("Liberec", "CZ", 28),
    City("Hradec Králové", "CZ", 22),
    City("Berlin", "DE", 62),
    City("München", "DE", 42),
    City("Hamburg", "DE", 30),
    City("Leipzig", "DE", 22),
    City("Dresden", "DE", 14),
    City("Wien", "AT", 62),
    City("Graz", "AT", 23),
    City("Warszawa", "PL", 40),
    City("Kraków", "PL", 28),
    City("Wrocław", "PL", 17),
    City("Bratislava", "SK", 52),
    City("Košice", "SK", 28),
    City("Budapest", "HU", 28),
    City("Helsinki", "FI", 20),
    City("Dublin", "IE", 18),
    City("Madrid", "ES", 16),
    City("Milano", "IT", 16),
    City("Paris", "FR", 12),
    City("Győr", "HU", 10),
]

COUNTRIES = {
    "CZ": Country(
        "cs",
        "+420",
        "s.r.o.",
        "Pekárna Autoservis Stavby Kavárna Truhlářství Elektro Zahradnictví Tiskárna Řeznictví",
        {"cs": 88, "vi": 4, "uk": 4, "sk": 3, "en": 1},
    ),
    "DE": Country(
        "de",
        "+49",
        "GmbH",
        "Bäckerei Autohaus Gartenbau Druckerei Elektro Tischlerei Fahrräder Dachdecker",
        {"de": 77, "tr": 9, "pl": 4, "vi": 3, "ar": 3, "es": 2, "en": 2},
    ),
    "AT": Country(
        "de",
        "+43",
        "GmbH",
        "Bäckerei Gasthof Tischlerei Weingut Sportartikel Installationen",
        {"de": 80, "tr": 6, "hu": 5, "cs": 4, "en": 5},
    ),
    "PL": Country(
        "pl", "+48", "sp. z o.o.", "Piekarnia Budowa Meble Transport Ogrody Drukarnia", {"pl": 95, "uk": 5}
    ),
    "SK": Country(
        "sk", "+421", "s.r.o.", "Pekáreň Stavby Autoservis Stolárstvo Kvetiny", {"sk": 88, "hu": 8, "cs": 4}
    ),
    "HU": Country("hu", "+36", "Kft.", "Pékség Autószerviz Kertészet Nyomda", {"hu": 98, "vi": 2}),
    "FI": Country("fi", "+358", "Oy", "Leipomo Rakennus Puutarha Autokorjaamo", {"fi": 96, "ar": 2, "vi": 2}),
    "IE": Country(
        "en", "+353", "Ltd", "Bakery Motors Gardens Printing Joinery", {"ga": 86, "pl": 8, "en": 6}
    ),
    "ES": Country("es", "+34", "S.L.", "Panadería Talleres Jardines Imprenta", {"es": 96, "ar": 4}),
    "IT": Country("it", "+39", "S.r.l.", "Panificio Officina Giardini Tipografia", {"it": 96, "ar": 4}),
    "FR": Country("fr", "+33", "SARL", "Boulangerie Garage Jardins Imprimerie", {"fr": 90, "ar": 8, "vi": 2}),
}
