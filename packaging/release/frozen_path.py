"""Run before everything in the frozen application: the standard library is there once, for it and for the Python beside it."""

import os
import sys

_folder = getattr(sys, "_MEIPASS", "")
_version = sys.version_info
if os.name == "nt":
    sys.path.append(f"{_folder}\\python{_version[0]}{_version[1]}.zip")
else:
    sys.path.append(f"{_folder}/lib/python{_version[0]}{_version[1]}.zip")
    sys.path.append(f"{_folder}/lib/python{_version[0]}.{_version[1]}/lib-dynload")
