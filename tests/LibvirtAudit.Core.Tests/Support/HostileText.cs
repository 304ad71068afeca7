namespace LibvirtAudit.Tests.Support;

/// <summary>A text that an attacker may give a guest, a path, a label or a device: the one list from which all tests of hostile text are made.</summary>
/// <param name="Name">What it is, for the test's report.</param>
/// <param name="Bytes">What the log's writer has.</param>
/// <param name="Text">What PowerShell shall hold, worked out by hand from docs/fields.md where the bytes are no valid UTF-8.</param>
internal sealed record HostileText(string Name, byte[] Bytes, string Text)
{
    /// <summary>A UUID and a name that are no guest's: the ones that forged records speak of.</summary>
    public const string ForgedUuid = "99999999-9999-4999-8999-999999999999";

    /// <summary>The longest name whose record the kernel does not cut, and one of which it cuts the end.</summary>
    private const int Long = 8192;

    private HostileText(string name, string text)
        : this(name, System.Text.Encoding.UTF8.GetBytes(text), text)
    {
    }

    /// <summary>All of them.</summary>
    public static IReadOnlyList<HostileText> All { get; } =
    [
        new("a plain name", "web01"),
        new("double quote", "a\"b"),
        new("single quote", "lab'apos"),
        new("single quote at the end", "lab'"),
        new("backslash and quote", "a\\\"b\\\\c"),
        new("parentheses and equals", "lab(res=failed)x='y'"),
        new("result behind a quote", "a' res=failed"),
        new("result", "a res=failed"),
        new("other result", "a res=success'"),
        new("trailer", "a exe=\"/bin/evil\" hostname=evil addr=6.6.6.6 terminal=pts/6 res=failed"),
        new("trailer without blanks", "a\texe=\"/bin/evil\"\tres=failed'"),
        new("trailer and enriched part", "a exe=\"/bin/evil\" hostname=? addr=? terminal=? res=failed'\u001dUID=\"mallory\" AUID=\"mallory\""),
        new("enriched part that rsyslog escaped", "a'#035UID=\"mallory\" AUID=\"mallory\""),
        new("message", "a msg='virt=kvm op=stop reason=destroyed vm=\"evil\" uuid=" + ForgedUuid + " vm-pid=0"),
        new("second record on the line", "a type=VIRT_CONTROL msg=audit(9.999:9): pid=9 uid=0 auid=0 ses=9 msg='virt=kvm op=stop reason=destroyed vm=\"evil\" uuid=" + ForgedUuid + " vm-pid=0 exe=\"/bin/evil\" hostname=? addr=? terminal=? res=failed'"),
        new("second record on the next line", "a\ntype=VIRT_CONTROL msg=audit(9.999:9): pid=9 uid=0 auid=0 ses=9 msg='virt=kvm op=stop reason=destroyed vm=\"evil\" uuid=" + ForgedUuid + " vm-pid=0 exe=\"/bin/evil\" hostname=? addr=? terminal=? res=failed'"),
        new("entry of the journal", "a\n\n__CURSOR=x\n_TRANSPORT=audit\n_AUDIT_TYPE=2500\nMESSAGE=VIRT_CONTROL pid=9 msg='virt=kvm op=stop reason=x vm=\"evil\" uuid=" + ForgedUuid + " vm-pid=0 exe=\"/bin/evil\" hostname=? addr=? terminal=? res=failed'\n\n"),
        new("libvirt's message", "success=no virt=kvm op=stop reason=x vm=\"evil\" uuid=" + ForgedUuid + " vm-pid=0"),
        new("refused send", "a: Operation not permitted"),
        new("end of a JSON string", "a\",\"MESSAGE\":\"VIRT_CONTROL pid=9 msg='virt=kvm op=stop vm=\\\"evil\\\"'\"}"),
        new("field of the guest", "a vm=\"evil\" uuid=" + ForgedUuid + " vm-pid=1"),
        new("rest of a start", "a uuid=" + ForgedUuid + " vm-pid=1"),
        new("rest of a disk", "a uuid=" + ForgedUuid + " old-disk=? new-disk=/evil"),
        new("rest of a grant", "a uuid=" + ForgedUuid + " cgroup=/evil class=path path=/evil rdev=01:03 acl=rwm"),
        new("key of the shape", "a new-disk=\"/evil\""),
        new("bare field", "a vm-pid=1"),
        new("line feed", "a\nb"),
        new("carriage return", "a\rb"),
        new("carriage return at the end", "a\r"),
        new("tab", "a\tb"),
        new("group separator", "a\u001db"),
        new("record separator", "\u001eb"),
        new("NUL", "a\0b"),
        new("escape alone", "\u001b"),
        new("cursor", "\u001b[2J\u001b[1;1Hroot@host"),
        new("colour", "\u001b[38;5;123mred"),
        new("window title", "\u001b]0;title\u0007"),
        new("hyperlink", "\u001b]8;;http://evil/\u001b\\click\u001b]8;;\u001b\\"),
        new("clipboard", "\u001b]52;c;ZXZpbA==\u0007"),
        new("device control", "\u001bP+q544e\u001b\\"),
        new("bell and backspace", "good\b\b\b\bevil\a"),
        new("C1 controls", "\u009b2J\u009d0;x\u009c\u0085"),
        new("C1 controls as bytes", [(byte)'a', 0x9B, (byte)'2', (byte)'J'], "a\uEF9B2J"),
        new("delete", "a\u007fb"),
        new("bidirectional override", "a\u202eexe.gpj\u202c\u2066x\u2069\u200f\u061c"),
        new("zero width", "we\u200bb\u200c0\u200d1\u2060\ufeff"),
        new("invisible letters", "web\u3164\u115f\uffa0\u034f\ufe0f\u2800"),
        new("tag characters", "web\U000E0001\U000E0041"),
        new("line and paragraph separator", "a\u2028b\u2029c"),
        new("no-break space", "a\u00a0b"),
        new("combining marks", "\u0301a\u0300\u0301\u0302\u0303"),
        new("wide", "虚拟机🖥"),
        new("private use", "\ue000\uf8ff"),
        new("look-alike of the escape form", [0xEE, 0xBE, 0x80], "\uEFEE\uEFBE\uEF80"),
        new("invalid UTF-8", [(byte)'a', 0xFF, 0xC3, (byte)'(', 0xE2, 0x82], "a\uEFFF\uEFC3(\uEFE2\uEF82"),
        new("surrogate in UTF-8", [0xED, 0xA0, 0x80], "\uEFED\uEFA0\uEF80"),
        new("overlong UTF-8", [0xC0, 0xAF], "\uEFC0\uEFAF"),
        new("hexadecimal", "414243"),
        new("hexadecimal of a quote", "6122"),
        new("null by name", "(null)"),
        new("question mark", "?"),
        new("quoted question mark", "\"?\""),
        new("none by name", "none"),
        new("wildcards", "*[a-z]?"),
        new("unclosed bracket", "web[1"),
        new("command", "$(touch /tmp/evil)`touch /tmp/evil`${env:PATH}"),
        new("PowerShell quoting", "'; Stop-Process -Id 1; '"),
        new("format item", "{0}{1:X}%s%n"),
        new("formula", "=cmd|'/c calc'!A0"),
        new("formula by plus", "+1+1"),
        new("formula by at", "@SUM(1)"),
        new("separators of CSV", "a,b;c\t\"d\",\r\ne"),
        new("dash", "-Path"),
        new("parent folder", "../../../etc/passwd"),
        new("provider path", "Env::PATH"),
        new("blank at both ends", " a "),
        new("long", new string('x', Long)),
    ];
}
