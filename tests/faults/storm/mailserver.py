"""A mail server as a process of its own, so that it can be killed: `python -m tests.faults.storm.mailserver PORT LOG`.

It notes each message that it takes, a line of JSON each, before it says that it has taken it.
"""

import asyncio
import email
import json
import os
import sys
from pathlib import Path

from aiosmtpd.smtp import SMTP


class Log:
    def __init__(self, path: Path) -> None:
        self.file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    async def handle_DATA(self, server, session, envelope) -> str:
        parsed = email.message_from_bytes(envelope.content)
        line = {"id": parsed["Message-ID"], "to": envelope.rcpt_tos, "subject": parsed["Subject"]}
        os.write(self.file, (json.dumps(line) + "\n").encode())
        return "250 taken"


async def serve(port: int, path: Path) -> None:
    log = Log(path)
    server = await asyncio.get_running_loop().create_server(
        lambda: SMTP(log, enable_SMTPUTF8=True), host="127.0.0.1", port=port
    )
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), Path(sys.argv[2])))
