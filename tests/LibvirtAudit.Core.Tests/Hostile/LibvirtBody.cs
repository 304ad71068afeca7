using System.Text.RegularExpressions;

namespace LibvirtAudit.Tests.Hostile;

/// <summary>
/// A body as libvirt writes it. Written down here a second time, after libvirt's <c>src/conf/domain_audit.c</c> and not after
/// the module's grammar, so that both must agree.
/// </summary>
/// <param name="Type">The record's type.</param>
/// <param name="Template">The body; <c>{Property}</c> is a value by the name-value rule, <c>{!Property}</c> one written as it is.</param>
internal sealed partial record LibvirtBody(int Type, string Template)
{
    public const string Uuid = "a45dedb4-f4bf-5b3f-9f94-d0939bcf3e45";

    public static IReadOnlyList<LibvirtBody> All { get; } =
    [
        new(2500, "virt=qemu op=start reason=booted vm={VMName} uuid=U vm-pid=4711"),
        new(2500, "virt=qemu op=stop reason=shutdown vm={VMName} uuid=U vm-pid=0"),
        new(2500, "virt=lxc op=init vm={VMName} uuid=U vm-pid=4711 init-pid=4712 pid-ns=4026532281"),
        new(2502, "virt=kvm vm={VMName} uuid=U vm-ctx={!VMContext} img-ctx={!ImageContext} model=selinux"),
        .. from type in new[] { "disk", "fs", "rng", "chardev", "smartcard" }
           select new LibvirtBody(2501, $"virt=qemu resrc={type} reason=attach vm={{VMName}} uuid=U old-{type}={{OldValue}} new-{type}={{NewValue}}"),
        new(2501, "virt=qemu resrc=net reason=open vm={VMName} uuid=U net=52:54:00:aa:00:01 path={DevicePath} rdev=0A:C8"),
        new(2501, "virt=qemu resrc=mem reason=start vm={VMName} uuid=U old-mem=0 new-mem=65536"),
        new(2501, "virt=qemu resrc=dev reason=attach vm={VMName} uuid=U bus=pci device={Device}"),
        new(2501, "virt=lxc resrc=hostdev reason=start vm={VMName} uuid=U disk={HostDisk}"),
        new(2501, "virt=lxc resrc=hostdev reason=start vm={VMName} uuid=U chardev={HostChardev}"),
        .. from type in new[] { "tpm", "tpm-emulator", "tpm-external" } select new LibvirtBody(2501, $"virt=qemu resrc={type} reason=start vm={{VMName}} uuid=U device={{Device}}"),
        new(2501, "virt=qemu resrc=cgroup reason=deny vm={VMName} uuid=U cgroup={Cgroup} class=all"),
        new(2501, "virt=qemu resrc=cgroup reason=allow vm={VMName} uuid=U cgroup={Cgroup} class=major category=pty maj=88 acl=rw"),
        new(2501, "virt=qemu resrc=cgroup reason=allow vm={VMName} uuid=U cgroup={Cgroup} class=path path={DevicePath} rdev=01:03 acl=rwm"),
        new(2501, "virt=qemu resrc=shmem reason=start vm={VMName} uuid=U size=4194304 path={!DevicePath}"),
        new(2501, "virt=qemu resrc=ivshmem-socket reason=start vm={VMName} uuid=U path={!DevicePath}"),
        new(2501, "virt=qemu resrc=evdev reason=start vm={VMName} uuid=U path={!DevicePath}"),
    ];

    /// <summary>The fields whose values come from outside, and whether each is encoded.</summary>
    public IReadOnlyList<(string Property, bool IsEncoded)> Open =>
        [.. Value().Matches(Template).Select(match => (match.Groups[2].Value, match.Groups[1].Length == 0))];

    /// <summary>The body with one of its values hostile and the others plain.</summary>
    public byte[] With(string property, byte[] hostile) => Fill(name => name == property ? hostile : "plain"u8.ToArray());

    public override string ToString() => Template;

    private byte[] Fill(Func<string, byte[]> value)
    {
        var body = new List<byte>();
        int position = 0;
        foreach (Match match in Value().Matches(Template))
        {
            body.AddRange(Literal(Template[position..match.Index]));
            byte[] bytes = value(match.Groups[2].Value);
            body.AddRange(match.Groups[1].Length > 0 ? bytes : NameValue(bytes));
            position = match.Index + match.Length;
        }

        return [.. body, .. Literal(Template[position..])];
    }

    private static byte[] Literal(string text) => System.Text.Encoding.ASCII.GetBytes(text.Replace("uuid=U", "uuid=" + Uuid, StringComparison.Ordinal));

    // libaudit's audit_encode_nv_string.
    private static byte[] NameValue(byte[] value) => value.Any(b => b == '"' || b < 0x21 || b > 0x7E)
        ? System.Text.Encoding.ASCII.GetBytes(Convert.ToHexString(value))
        : [(byte)'"', .. value, (byte)'"'];

    [GeneratedRegex(@"\{(!?)(\w+)\}")]
    private static partial Regex Value();
}
