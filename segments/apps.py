from django.apps import AppConfig


class SegmentsConfig(AppConfig):
    name = "segments"

    def ready(self) -> None:
        """Let customers and accounts, which know no segments, be filtered by them and leave them when erased
        or deleted; let the audit trail say definitions in words."""
        from console.audit import fields
        from console.customers import disclosing, erasing
        from console.customers import filtersets as customers
        from console.keeping import PARTS, WORKS
        from console.portfolios import columns, forms
        from console.portfolios import filtersets as accounts
        from segments.assigned.on_accounts import CARRIED, TAG
        from segments.attributes import using
        from segments.bulk import emptying
        from segments.definition.stored import stored
        from segments.disclosing import SECTIONS
        from segments.erasing import PART
        from segments.filtersets import adding_to, by_membership
        from segments.hanging import HANGING

        customers.MORE["segment"] = by_membership("customers")
        fields.WRITERS["segments.SegmentVersion.definition"] = stored
        accounts.MORE["segment"] = by_membership("accounts")
        accounts.MORE["carry"] = adding_to
        columns.MORE.append(CARRIED)
        forms.MORE["segment"] = TAG
        erasing.PARTS.append(PART)
        disclosing.SECTIONS.extend(SECTIONS)
        for label, part in {**HANGING, **using.HANGING}.items():
            PARTS[label].append(part)
        WORKS.update(emptying.WORKS)
