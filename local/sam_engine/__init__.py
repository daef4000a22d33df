"""A container engine just large enough for an unmodified `sam local`, on a machine without Docker.

It speaks as much of the Docker Engine API as the SAM CLI asks for, over a socket of its own. A
"container" is a process of this machine: the runtime emulator that comes with the SAM CLI, which
runs the function by awslambdaric as Lambda does. There is no isolation and no memory limit.
"""
