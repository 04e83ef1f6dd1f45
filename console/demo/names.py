"""What people are called, by culture: given names of women and men, and family names. Common ones stand first.

Family names that differ for women are written as "man's/woman's"; "=" stands for a space inside a name.
"""

from typing import NamedTuple


class Culture(NamedTuple):
    """Names of one culture. `family_first`: the family name comes before the given one."""

    women: str
    men: str
    families: str
    family_first: bool = False


CULTURES = {
    "cs": Culture(
        women="Jana Eva Hana Anna Lenka Kateřina Lucie Věra Petra Veronika Alena Martina Tereza Květa Michaela"
        " Markéta Zuzana Barbora Eliška Božena Šárka Adéla Kristýna Nikola Dagmar Ivana Natálie Růžena Klára"
        " Ludmila",
        men="Jan Petr Jiří Josef Pavel Martin Tomáš Jaroslav Miroslav Zdeněk Václav Michal František Jakub Lukáš"
        " David Vojtěch Ondřej Adam Matěj Filip Karel Radek Štěpán Dominik Antonín Aleš Vít Roman Kryštof",
        families="Novák/Nováková Svoboda/Svobodová Novotný/Novotná Dvořák/Dvořáková Černý/Černá"
        " Procházka/Procházková Kučera/Kučerová Veselý/Veselá Horák/Horáková Němec/Němcová Marek/Marková"
        " Pokorný/Pokorná Pospíšil/Pospíšilová Hájek/Hájková Jelínek/Jelínková Král/Králová"
        " Růžička/Růžičková Beneš/Benešová Fiala/Fialová Sedláček/Sedláčková Doležal/Doležalová"
        " Zeman/Zemanová Kolář/Kolářová Krejčí Navrátil/Navrátilová Čermák/Čermáková Urban/Urbanová"
        " Vaněk/Vaňková Blažek/Blažková Kříž/Křížová Kovář/Kovářová Kratochvíl/Kratochvílová"
        " Bartoš/Bartošová Vlček/Vlčková Musil/Musilová Kopecký/Kopecká Říha/Říhová Šimek/Šimková"
        " Konečný/Konečná Malý/Malá Holub/Holubová Staněk/Staňková Štěpánek/Štěpánková Kadlec/Kadlecová"
        " Dostál/Dostálová Soukup/Soukupová Šťastný/Šťastná Mareš/Marešová Tichý/Tichá Vávra/Vávrová"
        " Bureš/Burešová Ševčík/Ševčíková Hruška/Hrušková Mašek/Mašková Žák/Žáková",
    ),
    "sk": Culture(
        women="Mária Anna Zuzana Katarína Eva Jana Monika Ľubica Andrea Lucia Veronika Ivana Dominika Simona Soňa",
        men="Jozef Ján Peter Martin Milan Štefan Michal Marek Ľubomír Juraj Tomáš Vladimír Matúš Dušan Andrej",
        families="Horváth/Horváthová Kováč/Kováčová Varga/Vargová Tóth/Tóthová Nagy/Nagyová Baláž/Balážová"
        " Molnár/Molnárová Balog/Balogová Lukáč/Lukáčová Novotný/Novotná Hudák/Hudáková Kollár/Kollárová"
        " Oravec/Oravcová Šimko/Šimková Gajdoš/Gajdošová Hruška/Hrušková Ďurica/Ďuricová Ševčík/Ševčíková"
        " Pavlík/Pavlíková Ďuriš/Ďurišová",
    ),
    "de": Culture(
        women="Maria Ursula Anna Sabine Claudia Julia Katharina Lena Hannah Susanne Petra Jule Greta Friederike"
        " Birgit Svenja Käthe Mathilda Lieselotte Ronja",
        men="Thomas Michael Andreas Stefan Lukas Jonas Felix Maximilian Jürgen Uwe Götz Sören Matthias Florian"
        " Tobias Björn Emil Konrad Heinrich Lennart",
        families="Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann Schäfer Koch Bauer"
        " Richter Klein Wolf Schröder Neumann Schwarz Zimmermann Braun Krüger Hofmann Hartmann Lange"
        " Werner Krause Lehmann Köhler Maier König Weiß Jäger Groß Böhm Günther Vogt Sauer Arnold Krämer"
        " Reuß Dietz Straßer Haas",
    ),
    "pl": Culture(
        women="Anna Maria Katarzyna Małgorzata Agnieszka Barbara Ewa Zofia Joanna Magdalena Aleksandra Łucja"
        " Grażyna Wiesława Zuzanna Kinga Bożena Julia",
        men="Piotr Krzysztof Andrzej Tomasz Paweł Jan Michał Marcin Łukasz Bartosz Grzegorz Wojciech Kamil Jakub"
        " Mateusz Zbigniew Sławomir Rafał",
        families="Nowak Kowalski/Kowalska Wiśniewski/Wiśniewska Wójcik Kowalczyk Kamiński/Kamińska"
        " Lewandowski/Lewandowska Zieliński/Zielińska Szymański/Szymańska Woźniak Dąbrowski/Dąbrowska"
        " Kozłowski/Kozłowska Mazur Jankowski/Jankowska Kwiatkowski/Kwiatkowska Krawczyk Kaczmarek"
        " Piotrowski/Piotrowska Grabowski/Grabowska Zając Pawłowski/Pawłowska Michalski/Michalska Król"
        " Wieczorek Jabłoński/Jabłońska Wróbel Stępień Malinowski/Malinowska Pawlak Gąsior",
    ),
    "hu": Culture(
        women="Mária Erzsébet Katalin Ilona Éva Anna Zsuzsanna Ágnes Judit Réka Dóra Boglárka Fanni Orsolya",
        men="László István József János Zoltán Ferenc Sándor Gábor Attila Péter Tamás Balázs Bence Ádám",
        families="Nagy Kovács Tóth Szabó Horváth Varga Kiss Molnár Németh Farkas Balogh Papp Takács Juhász Lakatos"
        " Mészáros Oláh Simon Rácz Fekete Szilágyi Török Fehér Gál Szűcs Vörös",
        family_first=True,
    ),
    "fi": Culture(
        women="Aino Helena Johanna Anneli Kaarina Päivi Riitta Sofia Tuuli Venla Kerttu Satu",
        men="Matti Juhani Mikael Antti Jukka Pekka Ville Eero Väinö Onni Timo Heikki",
        families="Korhonen Virtanen Mäkinen Nieminen Mäkelä Hämäläinen Laine Heikkinen Koskinen Järvinen Lehtonen"
        " Saarinen Salminen Niemi Heinonen Kärkkäinen Räsänen Pöyhönen Ahonen Ylönen",
    ),
    "ga": Culture(
        women="Aoife Siobhán Niamh Caoimhe Ciara Gráinne Orla Sinéad Róisín Fionnuala Mary Emma",
        men="Seán Conor Oisín Cian Darragh Pádraig Eoin Liam Tadhg Declan Ruairí Fiachra",
        families="Murphy O’Sullivan Kelly Byrne Ryan O’Connor Walsh Doyle McCarthy Gallagher Doherty Kennedy Lynch"
        " Nolan Ó=Briain/Ní=Bhriain Quinn Moore Daly Fitzgerald Keane",
    ),
    "es": Culture(
        women="María-José Carmen Ana Isabel Lucía Elena Pilar Rocío Nuria Inés Begoña Beatriz",
        men="José Antonio Manuel Javier Ángel Sergio Álvaro Íñigo Jesús Andrés Raúl Héctor",
        families="García Rodríguez González Fernández López Martínez Sánchez Pérez Gómez Martín Jiménez Ruiz"
        " Hernández Díaz Muñoz Álvarez Romero Núñez Ibáñez Peña",
    ),
    "it": Culture(
        women="Giulia Chiara Maria Francesca Sara Martina Elisa Alessia Noemi Beatrice",
        men="Marco Andrea Luca Giuseppe Matteo Alessandro Niccolò Davide Lorenzo Simone",
        families="Rossi Russo Ferrari Esposito Bianchi Romano Colombo Ricci Marino Greco Bruno Gallo Conti Costa"
        " Giordano Mancini D’Angelo Nicolò",
    ),
    "fr": Culture(
        women="Camille Léa Chloé Élise Hélène Françoise Zoé Agnès Manon Inès",
        men="Jean Pierre Louis François Théo Étienne Hugo René Benoît Gaël",
        families="Martin Bernard Dubois Thomas Robert Petit Durand Leroy Moreau Lefèvre Girard Gauthier Béranger"
        " Lemaître Fournier Besançon",
    ),
    "vi": Culture(
        women="Thu=Hà Ngọc=Anh Thanh=Hương Minh=Châu Bích=Ngọc Thùy=Linh Phương=Thảo Kim=Oanh",
        men="Văn=Minh Đức=Anh Quốc=Hùng Minh=Tuấn Thành=Đạt Hữu=Phước Xuân=Trường Duy=Khánh",
        families="Nguyễn Trần Lê Phạm Hoàng Phan Vũ Đặng Bùi Đỗ Hồ Ngô",
        family_first=True,
    ),
    "tr": Culture(
        women="Zeynep Fatma Ayşe Elif Emine Meryem Büşra Gülşen Çiğdem Şeyma",
        men="Mehmet Mustafa Ahmet Ali Emre Hüseyin Oğuz Çağlar İbrahim Yiğit",
        families="Yılmaz Kaya Demir Çelik Şahin Yıldız Yıldırım Öztürk Aydın Özdemir Arslan Doğan Kılıç Aslan"
        " Çetin Güneş",
    ),
    "uk": Culture(
        women="Oksana Olena Iryna Nataliia Yuliia Tetiana Daryna Solomiia Kateryna Halyna",
        men="Oleksandr Serhii Andrii Mykola Volodymyr Ihor Taras Yurii Bohdan Ostap",
        families="Melnyk Shevchenko Boiko Kovalenko Bondarenko Tkachenko Kravchenko Oliinyk Shevchuk Koval"
        " Polishchuk Hrytsenko Lysenko Rudenko",
    ),
    "ar": Culture(
        women="Fatima Aaliyah Layla Noor Salma Mariam Yasmin Rania",
        men="Omar Youssef Karim Hassan Tariq Samir Bilal Idris",
        families="El=Amrani Haddad Khalil Mansour Nasser Rahman Saleh Farah Aziz Bennani",
    ),
    "en": Culture(
        women="Priya Ananya Amara Folake Grace Olivia Charlotte Meera",
        men="Rajesh Oluwaseun Arjun Tunde James Oliver Vikram Samuel",
        families="Iyer Adeyemi Sharma Okafor Patel Thompson Smith Nwosu Reddy Campbell Mensah Wilson",
    ),
}
