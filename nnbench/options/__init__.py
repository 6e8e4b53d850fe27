"""The options of conf/, and what each key allows."""
