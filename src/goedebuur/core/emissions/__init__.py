"""What leaves a stack: streams of signals, the way from signal to average, and the tests of the instruments.

Facts and arithmetic only; what an average means against a limit is for `core/compliance/emissions`.
"""
