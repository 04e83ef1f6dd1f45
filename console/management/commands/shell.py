"""manage.py shell: Django's own, that sees every bank; what it changes is told in the audit trail as its doing."""

from django.core.management.commands import shell

from console.organizations.commands import OperatorCommand


class Command(OperatorCommand, shell.Command):
    """`with scope.inside(organization):` narrows it to one."""
