"""bin/manage declare_attribute --organization SLUG ENTITY KEY TYPE"""

import json
from argparse import ArgumentParser, BooleanOptionalAction
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError

from console.customers.keeping import keep_attribute
from console.customers.masking import looks_personal
from console.customers.models import Attribute
from console.keeping import Refusal
from console.organizations.commands import OperatorCommand, organization_of


class Command(OperatorCommand):
    help = (
        "Declare custom data: which key has which type. Files imported later must hold to it. The same declaration "
        "again changes nothing; another type replaces the first while no segment asks for it. Exit code 1 when a value "
        "is wrong."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("entity", metavar="ENTITY", choices=Attribute.Entity.values)
        parser.add_argument(
            "key", metavar="KEY", help="Such as birth_date, or address.city for a value in an object."
        )
        parser.add_argument("type", metavar="TYPE", choices=Attribute.Type.values)
        parser.add_argument("--organization", metavar="SLUG", required=True)
        parser.add_argument("--label", default="", help="How staff call it; made from the key unless given.")
        parser.add_argument(
            "--personal",
            action=BooleanOptionalAction,
            default=None,
            help="Whether it describes one person and is masked for roles without need; by its key unless said.",
        )
        parser.add_argument(
            "--often",
            action=BooleanOptionalAction,
            default=None,
            help="Whether segments ask for it often; then an index is made for it.",
        )
        parser.add_argument("--json", action="store_true", help="Print one JSON object.")

    def handle(self, *args: Any, **options: Any) -> None:
        organization = organization_of(options["organization"])
        attribute = organization.attributes.filter(entity=options["entity"], key=options["key"]).first()
        is_new = attribute is None
        attribute = attribute or Attribute(
            organization=organization,
            entity=options["entity"],
            key=options["key"],
            is_personal=looks_personal(options["key"]),
        )
        if options["personal"] is not None:
            attribute.is_personal = options["personal"]
        if options["often"] is not None:
            attribute.is_filtered_often = options["often"]
        attribute.type = options["type"]
        attribute.label = options["label"] or attribute.label
        try:
            attribute.full_clean(validate_unique=False, validate_constraints=False)
            keep_attribute(attribute)
        except ValidationError as fault:
            raise CommandError(" ".join(fault.messages)) from fault
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        told = {name: options[name] for name in ("entity", "key", "type")} | {"is_new": is_new}
        words = f"{attribute} of {attribute.get_entity_display().lower()} is {attribute.get_type_display().lower()}."
        self.stdout.write(json.dumps(told) if options["json"] else words)
