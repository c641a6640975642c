"""Matrices of a hundred rows: threads of linear algebra wait for one another and save nothing."""

from threadpoolctl import threadpool_limits


def one_thread() -> None:
    """Let linear algebra of this process use one thread from now on; chains run side by side."""
    threadpool_limits(1, user_api="blas")
