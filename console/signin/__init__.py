"""The door: sign-in, second factors, a person's own account. Stands on django-allauth; pages and words are ours."""
