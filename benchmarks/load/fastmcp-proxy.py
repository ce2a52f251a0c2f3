"""A FastMCP proxy as its documentation begins with: fastmcp-proxy.py UPSTREAM-URL PORT. It judges, redacts and records nothing."""

import logging
import sys

from fastmcp.server import create_proxy

logging.disable(logging.INFO)
create_proxy(sys.argv[1]).run(
    transport="http",
    host="127.0.0.1",
    port=int(sys.argv[2]),
    path="/mcp",
    show_banner=False,
    uvicorn_config={"log_level": "error", "access_log": False},
)
