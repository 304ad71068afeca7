#!/usr/bin/env python3
"""Writes what the steps of the captures of libvirt 12.8 say that their logs must tell: NAME.sessions.expected.tsv, and of the
containers and the host devices NAME.assignments.expected.tsv.

    steps12_to_expectations.py qemu12-enriched lxc12-raw qemu12-fakehw-raw

The only input is NAME.steps.tsv (time, exit code, command, output, guest), never a log and never this project's output. The columns
are those of steps_to_expectations.py. What a command does to a guest is virsh(1); what libvirt calls that is format.md section 4.
"""
import re
import shlex
import sys

FOREVER = "9999999999.999"

# What failed before libvirt began to start or to migrate: the client or the source refused, and no emulator was prepared.
NOT_BEGUN = re.compile("already active|is already|Unsafe migration|Failed to connect socket|same host|domain is not running|Unable to parse URI|failed to read cookie")

# Snapshots: whether the guest ran when they were taken, or would be started by a revert.
RUNNING = {"lab-snap": {"int1", "int2"}, "lab-ext": {"ex2"}}


# What the hot-plug definitions of containers and host devices are. The detach of an evdev is not audited.
DEVICES = {
    "hp-l-net": "net", "hp-l-disk": "disk", "hp-l-st": "hostdev", "hp-l-misc": "hostdev", "hp-l-usb": "dev", "hp-l-direct": "net",
    "hp-hd-usb": "dev", "hp-hd-usb-id": "dev", "hp-hd-pci": "dev", "hp-hd-pci2": "dev", "hp-hd-scsi": "dev", "hp-hd-scsi_host": "dev", "hp-hd-mdev": "dev",
    "hp-ev": "evdev", "hp-ev2": "evdev",
}


class Story:
    def __init__(self, steps):
        self.steps, self.sessions, self.open, self.saved, self.assignments, self.held = steps, [], {}, set(), [], {}

    def window(self, at=None):
        at = self.at if at is None else at
        return [self.steps[at][0], self.steps[at + 1][0] if at + 1 < len(self.steps) else FOREVER]

    def begin(self, reason="booted", daemon="main", window=None):
        session = {"guest": self.guest, "reason": reason, "state": "*", "stop": "*", "start": window or self.window(), "end": ["", ""], "step": self.command, "daemon": daemon}
        self.sessions.append(session)
        self.open.setdefault(self.guest, []).append(session)

    def fail(self, reason="booted"):
        self.sessions.append({"guest": self.guest, "reason": reason, "state": "FailedToStart", "stop": "", "start": self.window(), "end": ["", ""], "step": self.command})

    def end(self, state, reason, daemon=None, window=None):
        held = self.open[self.guest]
        session = next((s for s in held if daemon and s["daemon"] == daemon), held[-1])
        held.remove(session)
        session.update(state=state, stop=reason, end=window or self.window())

    def runs(self):
        return bool(self.open.get(self.guest))

    def run(self):
        for self.at, (_, code, self.command, self.output, self.guest) in enumerate(self.steps):
            if code != "-" and self.guest:
                self.step(code == "0")
        return self.sessions

    def step(self, ok):
        if self.command.startswith("kill "):
            signal = self.command.split()[1]
            container = self.guest.startswith("ct-")  # format.md 4: kill -9 of libvirt_lxc gives stop reason=shutdown
            self.end(*(("Stopped", "shutdown") if container or signal == "-15" else ("Died", "failed")))
            return
        if "--autodestroy" in self.command:  # when the daemon notices that the connection is gone the steps do not tell
            self.begin()
            self.end("Destroyed", "destroyed", window=[self.steps[self.at][0], FOREVER])
            return
        if not self.command.startswith("virsh "):
            return
        words = shlex.split(self.command) if "'" not in self.command and '"' not in self.command else self.command.split()
        daemon = "dst" if "/d2sock/" in words[words.index("-c") + 1] else "main"
        verb, args = words[words.index("-c") + 2], words[words.index("-c") + 3:]
        getattr(self, "do_" + verb.replace("-", "_"), lambda *a: None)(ok, args, daemon)

    def do_start(self, ok, args, daemon):
        if ok:
            self.begin("restored" if self.guest in self.saved else "booted", daemon)
            self.saved.discard(self.guest)
        elif not NOT_BEGUN.search(self.output):
            self.fail()

    do_create = do_start

    def do_restore(self, ok, args, daemon):
        self.begin("restored")

    def do_domstate(self, ok, args, daemon):
        # Without a step in between the guest ended by itself after it was started or asked to end.
        here = [s for s in self.open.get(self.guest, []) if s["daemon"] == daemon]
        if not here or "running" in self.output or "panicked" in self.output:
            return
        last = max(i for i in range(self.at) if self.steps[i][4] == self.guest)
        window = [self.steps[last][0], self.steps[self.at + 1][0]]
        if self.guest == "ct-reboot":  # it restarts itself once, as its name says
            self.end("Rebooted", "reboot", window=window)
            self.begin("reboot", window=window)
        # A panic is 'destroyed' or, with another on_crash, nothing: the steps do not show the definition.
        self.end(*(("Stopped", "shutdown") if "(shutdown)" in self.output else ("*", "*")), window=window)

    def do_destroy(self, ok, args, daemon):
        if ok:
            self.end("Destroyed", "destroyed", daemon)

    def do_save(self, ok, args, daemon):
        if ok:
            self.end("Saved", "saved")

    def do_managedsave(self, ok, args, daemon):
        self.end("Saved", "saved")
        self.saved.add(self.guest)

    def do_managedsave_remove(self, ok, args, daemon):
        self.saved.discard(self.guest)

    def do_dump(self, ok, args, daemon):
        if ok and "--crash" in args:
            self.end("Crashed", "crashed")

    def do_qemu_monitor_command(self, ok, args, daemon):
        if "quit" in args:
            self.end("Stopped", "shutdown")

    def do_snapshot_revert(self, ok, args, daemon):
        if not ok:
            return
        if self.runs():
            self.end("Reverted", "from-snapshot")
        if args[1] in RUNNING.get(self.guest, ()):
            self.begin("from-snapshot")

    def do_snapshot_delete(self, ok, args, daemon):
        after, before = self.window()
        if ok and self.guest == "lab-ext" and float(before) - float(after) > 1:
            # External, of a stopped guest: an emulator runs for the job (format.md 4) where there is data to move, which takes time.
            self.sessions.append({"guest": self.guest, "reason": "", "state": "Unknown", "stop": "", "start": ["", ""], "end": ["", ""], "step": self.command})

    def do_attach_device(self, ok, args, daemon):
        device = args[1].rsplit("/", 1)[-1].removesuffix(".xml")
        if ok and device in DEVICES:
            row = {"guest": self.guest, "type": DEVICES[device], "start": self.window(), "end": ["*", "*"] if DEVICES[device] == "evdev" else ["", ""], "step": self.command}
            self.assignments.append(row)
            self.held[self.guest, device] = row

    def do_attach_disk(self, ok, args, daemon):
        self.assignments.append({"guest": self.guest, "type": "disk", "start": self.window(), "end": ["", ""], "step": self.command})

    def do_detach_device(self, ok, args, daemon):
        row = self.held.pop((self.guest, args[1].rsplit("/", 1)[-1].removesuffix(".xml")), None) if ok else None
        if row and row["type"] != "evdev":
            row["end"] = self.window()

    def do_migrate(self, ok, args, daemon):
        if not ok:
            if not NOT_BEGUN.search(self.output):
                self.fail("migrated")
            return
        self.begin("migrated", "dst")
        self.end("Migrated", "migrated", daemon)


for scenario in sys.argv[1:]:
    with open(scenario + ".steps.tsv", encoding="utf-8") as lines:
        story = Story([line.rstrip("\n").split("\t") for line in lines])
    sessions = story.run()
    assert not any(story.open.values()), story.open
    if scenario != "qemu12-enriched":
        with open(scenario + ".assignments.expected.tsv", "w", encoding="utf-8") as out:
            out.write("# Derived by steps12_to_expectations.py from what was done (the steps) alone; '*' is what the steps do not tell.\n")
            out.write("# guest\ttype\tvalue\tstart after\tstart before\tend after\tend before\tresult\tstep\n")
            for a in story.assignments:
                out.write("\t".join([a["guest"], a["type"], "*", *a["start"], *a["end"], "success", a["step"][:110]]) + "\n")
    with open(scenario + ".sessions.expected.tsv", "w", encoding="utf-8") as out:
        out.write("# Derived by steps12_to_expectations.py from what was done (the steps) alone; '*' is what the steps do not tell.\n")
        out.write("# guest\tstart reason\tstate\tstop reason\tstart after\tstart before\tend after\tend before\tstep\n")
        for s in sessions:
            out.write("\t".join([s["guest"], s["reason"], s["state"], s["stop"], *s["start"], *s["end"], s["step"][:80]]) + "\n")
