"""Pages of communications: configurations and sends, messages, templates, endpoints, and the way out for customers."""
