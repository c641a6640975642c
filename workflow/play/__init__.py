"""What the learner's pages show, computed with scipy: one module a page, one function a picture."""
