"""What a form is: definitions, field types, records, findings and the rules they are checked by."""
