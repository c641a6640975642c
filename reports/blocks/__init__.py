"""What a section is made of: tables, numbers, words, mathematics, the prior explorer."""
