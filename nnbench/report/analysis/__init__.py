"""Numbers that answer a question, without a word of prose."""
