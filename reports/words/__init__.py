"""What a page says of words and messages: sentences, tables."""
