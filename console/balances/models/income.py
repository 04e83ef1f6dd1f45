"""What came in, told apart by what its label says of it: salary, pension and the like."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from console.balances.models.columns import money
from console.customers.models import Customer
from console.organizations.models import Organization


class Income(models.Model):
    """The credits of one kind, in one currency, on the accounts that a customer holds, month by month: a view.

    The kind is what the function income_kind() makes of a transaction's label, which is the label in its metadata, else
    its purpose. `months` are first days of months, `amounts` what came in in each; a month without any is not there.
    """

    class Kind(models.TextChoices):
        SALARY = "salary", "Salary"
        PENSION = "pension", "Pension"
        BENEFITS = "benefits", "Benefits"
        RENTAL = "rental", "Rent"
        CAPITAL = "capital", "Interest and dividends"

    id = models.TextField(primary_key=True)
    organization = models.ForeignKey(Organization, models.DO_NOTHING, related_name="incomes")
    customer = models.ForeignKey(Customer, models.DO_NOTHING, related_name="incomes")
    label = models.CharField(max_length=8, choices=Kind)
    currency = models.CharField(max_length=100)
    months = ArrayField(models.DateField())
    amounts = ArrayField(money())
    last_on = models.DateField()

    class Meta:
        managed = False
        db_table = "balances_income"
        verbose_name_plural = "income"

    def __str__(self) -> str:
        return f"{self.get_label_display()} in {self.currency}"
