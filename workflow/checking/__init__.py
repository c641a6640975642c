"""May anyone believe the draws, and does the model allow and reproduce the data?"""
