#!/usr/bin/env python3
"""Writes what a scenario's steps say that its log must tell: NAME.sessions.expected.tsv and NAME.assignments.expected.tsv.

    steps_to_expectations.py qemu-enriched lxc-enriched

The only input is NAME.steps.tsv (time, exit code, command, output), never a log and never this project's output. What a
command does to a guest is virsh(1); what libvirt calls that in its records is format.md section 4. A '*' is what the steps do
not tell. A step lasts until the next one begins: virsh waits for what it asks for, so that a record of what a step did is
stamped in between.

sessions:    guest (UUID or name, as the step names it), start reason, state, stop reason, two times the start lies between,
             two times the end lies between (empty where there is none), the step that began it
assignments: guest, resource type, value, two times of its start, two times of its end (empty: with the session), result, step
"""
import re
import shlex
import sys

# Which guest a definition makes, where no step names it: from the XML's own file name, or from what virsh or QEMU printed.
GUEST_OF_XML = {
    "cpu.xml": "lab-cpu", "kvm.xml": "lab-kvm", "kvm-vhost.xml": "lab-kvm-vhost", "vol.xml": "lab-volume",
    "name-comma.xml": "lab,comma",        # '-name guest=lab,,comma,' in the step's output
    "fail-disk.xml": "lab-fail-disk",     # the UUID that was started before had that name
    "lxc-term.xml": "ct-term", "lxc-plain.xml": "ct-plain", "lxc-fail-root.xml": "ct-fail-root", "lxc-fail-init.xml": "ct-fail-init",
    "lxc-fail-net.xml": "ct-fail-net", "lxc-userns.xml": "ct-userns",
}

# Guests that end by themselves, without a step. What each does stands in its name; how libvirt names the end of a guest that
# panics or resets depends on its definition, which the steps do not show.
ENDS_BY_ITSELF = {
    "lab-life-poweroff": [("Stopped", "shutdown")],
    "lab-life-panic": [("*", "*")], "lab-life-reset": [("*", "*")], "lab-life-panic-core": [("*", "*")],
    "ct-exit": [("Stopped", "shutdown")],                              # domstate: shut off (shutdown)
    "ct-reboot": [("Rebooted", "reboot"), ("Stopped", "shutdown")],    # reboots once; then domstate: shut off (shutdown)
}

# Devices of the hot-plug definitions: their type, and whether libvirt audits the attachment (of a hot-plugged rng it does not;
# tcp and udp have no record, nor have input devices of the emulator).
DEVICES = {
    "hp-disk-virtio": "disk", "hp-disk-usb": "disk", "hp-disk-scsi": "disk", "hp-disk-block": "disk",
    "hp-net-bridge": "net", "hp-net-network": "net", "hp-net-user": "net", "hp-net-direct": "net",
    "hp-chr": "chardev", "hp-chr-pty": "chardev", "hp-redir": "dev", "hp-shmem": "shmem", "hp-vfs": "fs", "hp-dimm": "mem",
    "lxc-hp-net": "net", "lxc-hp-disk": "disk", "lxc-hp-st": "hostdev", "lxc-hp-misc": "hostdev",
}
MAC = {"hp-net-bridge": "52:54:00:aa:00:21", "hp-net-network": "52:54:00:aa:00:22", "hp-net-user": "52:54:00:aa:00:24"}  # of later steps


class Story:
    def __init__(self, steps):
        self.steps = steps
        self.sessions, self.assignments, self.open, self.held, self.defined, self.main = [], [], {}, {}, {}, {}

    def window(self):
        after = self.steps[self.at + 1][0] if self.at + 1 < len(self.steps) else "9999999999.999"
        return [self.steps[self.at][0], after]

    def start(self, guest, reason="booted", daemon="main"):
        session = {"guest": guest, "reason": reason, "state": "*", "stop": "", "start": self.window(), "end": ["", ""], "step": self.command, "daemon": daemon}
        self.sessions.append(session)
        self.open.setdefault(guest, []).append(session)
        return session

    def fail(self, guest, reason="booted"):
        self.sessions.append({"guest": guest, "reason": reason, "state": "FailedToStart", "stop": "", "start": self.window(), "end": ["", ""], "step": self.command})

    def stop(self, guest, state, reason, session=None, end=None):
        session = session or self.open[guest][-1]
        self.open[guest].remove(session)
        session.update(state=state, stop=reason, end=end or self.window())

    def give(self, guest, kind, value, name, result="success"):
        row = {"guest": guest, "type": kind, "value": value, "start": self.window(), "end": ["", ""], "result": result, "step": self.command}
        self.assignments.append(row)
        if result == "success":
            self.held.setdefault((guest, name), []).append(row)

    def take(self, guest, name):
        rows = self.held.get((guest, name))
        if rows:
            rows.pop(0)["end"] = self.window()

    def run(self):
        for self.at, (_, code, self.command, self.output) in enumerate(self.steps):
            if code != "-":
                self.step(code == "0", shlex.split(self.command.replace("{", "\\{")))
        return self

    def step(self, ok, words):
        if words[0] == "kill":
            # lab-plain's emulator dies; of the container's controller the steps do not tell what libvirt makes of it.
            guest = "lab-plain" if "lab-plain" in self.open and self.open["lab-plain"] else "ct-plain"
            self.stop(guest, *(("Died", "failed") if guest == "lab-plain" else ("*", "*")))
            return
        if words[0] != "virsh":
            return
        uri, rest = words[words.index("-c") + 1], words[words.index("-c") + 2:]
        verb, args = rest[0], [arg for arg in rest[1:]]
        xml = args[0].rsplit("/", 1)[-1] if args and args[0].endswith(".xml") else None
        guest = GUEST_OF_XML.get(xml) if xml else args[0] if args else None
        daemon = "dst" if "/dst/" in uri else "main"
        getattr(self, "do_" + verb.replace("-", "_"), lambda *a: None)(ok, guest, args, xml, daemon)

    # ---- lifecycle -------------------------------------------------------------------------------------------------------
    def do_create(self, ok, guest, args, xml, daemon):
        guest = guest or next(shlex.split(s[2])[-1] for s in self.steps[self.at + 1:] if " destroy " in s[2])
        self.start(guest) if ok else self.fail(guest)

    def do_start(self, ok, guest, args, xml, daemon):
        if not ok:
            if "already active" not in self.output:
                self.fail(guest)
            return
        saved = self.main.pop(guest, None)
        self.start(guest, "restored" if saved else "booted", daemon)
        if "--autodestroy" in args:  # the connection that started it ends with the command
            self.stop(guest, "Destroyed", "destroyed", end=[self.steps[self.at][0], self.steps[self.at + 2][0]])
        for state, reason in ENDS_BY_ITSELF.get(guest, []):
            until = next(s[0] for s in self.steps[self.at + 1:] if " undefine " + guest in s[2])
            self.stop(guest, state, reason, end=[self.steps[self.at][0], until])
            if reason == "reboot":
                self.start(guest, "reboot")["start"] = [self.steps[self.at][0], until]

    def do_destroy(self, ok, guest, args, xml, daemon):
        if ok:
            sessions = self.open[guest]
            self.stop(guest, "Destroyed", "destroyed", next((s for s in sessions if s["daemon"] == daemon), sessions[-1]))

    def do_shutdown(self, ok, guest, args, xml, daemon):
        # The guest ends by itself after it was asked to: until the next step that starts or destroys something.
        until = next(s[0] for s in self.steps[self.at + 1:] if re.search(r" (start|create|destroy) ", s[2]))
        self.stop(guest, "Stopped", "shutdown", end=[self.steps[self.at][0], until])

    def do_save(self, ok, guest, args, xml, daemon):
        self.stop(guest, "Saved", "saved")

    def do_managedsave(self, ok, guest, args, xml, daemon):
        self.stop(guest, "Saved", "saved")
        self.main[guest] = True

    def do_restore(self, ok, guest, args, xml, daemon):
        if ok:  # the broken file was refused before anything was started
            self.start("lab-plain", "restored")

    def do_dump(self, ok, guest, args, xml, daemon):
        if "--crash" in args:
            self.stop(guest, "Crashed", "crashed")

    def do_qemu_monitor_command(self, ok, guest, args, xml, daemon):
        # 'quit' ends the emulator in good order; the forbidden exec kills it.
        self.stop(guest, *(("Stopped", "shutdown") if "quit" in args else ("Died", "failed")))

    def do_snapshot_create_as(self, ok, guest, args, xml, daemon):
        for disk in re.findall(r"file=([^ ]+(?: [^ ]+)?\.qcow2)", " ".join(args)):
            self.give(guest, "disk", disk, disk)
        if "--halt" in args:
            self.stop(guest, "Reverted", "from-snapshot")

    def do_snapshot_revert(self, ok, guest, args, xml, daemon):
        if self.open.get(guest):
            self.stop(guest, "Reverted", "from-snapshot")
        self.start(guest, "from-snapshot")

    def do_migrate(self, ok, guest, args, xml, daemon):
        if "--offline" in args or "same host" in self.output:
            return
        if not ok:
            self.fail(guest, "migrated")
            return
        source = self.open[guest][-1]
        self.start(guest, "migrated", "dst" if "/dst/" in " ".join(args) else "main")
        self.stop(guest, "Migrated", "migrated", source)

    # ---- resources -------------------------------------------------------------------------------------------------------
    def do_setvcpus(self, ok, guest, args, xml, daemon):
        if ok:
            self.give(guest, "vcpu", args[1], "vcpu")
        elif "Connection reset" in self.output:  # QEMU aborted under it
            self.give(guest, "vcpu", args[1], "vcpu", "failed")
            self.stop(guest, "Died", "failed", end=[self.steps[self.at][0], self.steps[self.at + 2][0]])

    def do_iothreadadd(self, ok, guest, args, xml, daemon):
        if ok:
            self.give(guest, "iothread", "3", "iothread")

    def do_iothreaddel(self, ok, guest, args, xml, daemon):
        if ok:
            self.take(guest, "iothread")
            self.give(guest, "iothread", "2", "iothread")

    def do_attach_device(self, ok, guest, args, xml, daemon):
        device = args[1].rsplit("/", 1)[-1].removesuffix(".xml")
        if ok and device in DEVICES:
            self.give(guest, DEVICES[device], MAC.get(device, "*"), device)

    def do_detach_device(self, ok, guest, args, xml, daemon):
        device = args[1].rsplit("/", 1)[-1].removesuffix(".xml")
        if ok and device == "hp-redir":  # every redirected device has the same value: whose end a record tells it does not say
            self.held[guest, device].pop(0)["end"] = ["*", "*"]
        elif ok:
            self.take(guest, device)

    def do_update_device(self, ok, guest, args, xml, daemon):
        if "hp-net-network2" in args[1]:  # another network: the interface is taken out and given again
            self.take(guest, "hp-net-network")
            self.give(guest, "net", MAC["hp-net-network"], "hp-net-network")
        if "hp-cd-change" in args[1]:
            self.take(guest, "sda")
            self.give(guest, "disk", "*", "sda")

    def do_change_media(self, ok, guest, args, xml, daemon):
        if not ok:
            return
        drive = args[1]
        self.take(guest, drive)
        if "--eject" not in args:
            self.give(guest, "disk", args[2], drive)

    def do_blockcopy(self, ok, guest, args, xml, daemon):
        if ok:  # added; its pivot is not logged
            self.give(guest, "disk", args[args.index("--dest") + 1], "mirror")


def write(name, rows, columns):
    with open(name, "w", encoding="utf-8") as out:
        out.write("# Derived by steps_to_expectations.py from what was done (the steps) alone; '*' is what the steps do not tell.\n")
        out.write("# " + "\t".join(columns) + "\n")
        for row in rows:
            out.write("\t".join(row) + "\n")


for scenario in sys.argv[1:]:
    with open(scenario + ".steps.tsv", encoding="utf-8") as lines:
        told = Story([line.rstrip("\n").split("\t") for line in lines]).run()
    assert not any(told.open.values()), told.open
    write(scenario + ".sessions.expected.tsv",
          [[s["guest"], s["reason"], s["state"], s["stop"], *s["start"], *s["end"], s["step"][:80]] for s in told.sessions],
          ["guest", "start reason", "state", "stop reason", "start after", "start before", "end after", "end before", "step"])
    write(scenario + ".assignments.expected.tsv",
          [[a["guest"], a["type"], a["value"], *a["start"], *a["end"], a["result"], a["step"][:110]] for a in told.assignments],
          ["guest", "type", "value", "start after", "start before", "end after", "end before", "result", "step"])
