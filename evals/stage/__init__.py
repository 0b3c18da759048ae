"""The stage: the whole service built in this process on a fresh world, with a clock that stands still until told."""
