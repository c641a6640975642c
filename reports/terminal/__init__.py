"""What is said on stderr while the work goes on."""
