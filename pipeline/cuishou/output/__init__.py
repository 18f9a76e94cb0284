"""What is written: one module a form."""
