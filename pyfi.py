"""Calling the steps of deployed flows from Python.

from pyfi import Socket, funnel, parallel, pipeline

double = Socket("numbers.double")
double(21)                                  # blocks: 42
await double.call(21)                       # the same in an event loop
call = double.send(21)                      # on disk: it is answered whatever ends now
call.result()                               # here or elsewhere, now or later: Call(call.id).result()
pipeline(double, double)(1)                 # 4
parallel(double, Socket("numbers.half"))(8) # [16, 4.0]
"""

from engine.client.call import Call, Called, Socket, funnel, parallel, pipeline
from engine.errors import CallFailed, PyfiError

__all__ = ["Call", "CallFailed", "Called", "PyfiError", "Socket", "funnel", "parallel", "pipeline"]
