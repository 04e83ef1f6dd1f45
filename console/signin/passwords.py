"""What makes a password too weak, said in the house's words: Django's own rules (settings.AUTH_PASSWORD_VALIDATORS)."""

from django.contrib.auth import password_validation as django


class Length(django.MinimumLengthValidator):
    """Long enough: `min_length` characters."""

    def get_error_message(self) -> str:
        return f"Write at least {self.min_length} characters. A few words in a row are easy to keep."


class Likeness(django.UserAttributeSimilarityValidator):
    """Not like the person's name or address, which are tried first."""

    def get_error_message(self) -> str:
        return "It is too much like your %(verbose_name)s, which is tried first. Choose other words."


class Common(django.CommonPasswordValidator):
    """Not among the 20,000 that most people use."""

    def get_error_message(self) -> str:
        return "Many people use this password, so it is tried first. Choose other words."
