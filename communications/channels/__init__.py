"""Ways out: email and webhook. A channel takes what is ready and says what became of it; it knows no database."""
