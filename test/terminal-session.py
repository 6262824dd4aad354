"""Runs a command at a terminal of its own. Reads steps from stdin, as JSON: what to type, and the text to wait for."""
import json, os, pty, select, sys, time

steps = json.load(sys.stdin)
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(sys.argv[1], sys.argv[1:])
shown = b""


def wait_for(text, patience=120):
    global shown
    end = time.monotonic() + patience
    while text not in shown and time.monotonic() < end:
        if not select.select([terminal], [], [], 1)[0]:
            continue
        try:
            shown += os.read(terminal, 65536)
        except OSError:
            break
    found = text in shown
    part, shown = shown, b""
    return found, part


transcript = []
for keys, text in steps:
    os.write(terminal, keys.encode())
    found, part = wait_for(text.encode())
    transcript.append(part.decode("utf-8", "replace"))
    if not found:
        os.kill(pid, 9)
        break
while True:
    try:
        if os.read(terminal, 65536) == b"":
            break
    except OSError:
        break
_, status = os.waitpid(pid, 0)
json.dump({"transcript": transcript, "status": os.waitstatus_to_exitcode(status)}, sys.stdout)
