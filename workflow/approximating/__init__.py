"""Methods that approximate a posterior, held against posteriors that are known exactly."""
