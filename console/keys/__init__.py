"""API keys on pages: who may call, for what, until when."""
