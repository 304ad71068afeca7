using System.Buffers.Text;
using System.Globalization;

namespace LibvirtAudit.Audit;

/// <summary>
/// The record types of the audit system by number and by name, as libaudit has them (<c>audit_msg_type_to_name</c>,
/// <c>audit-records.h</c>, <c>linux/audit.h</c>), of which libvirt writes the first three of 2500–2599.
/// </summary>
public static partial class RecordTypes
{
    /// <summary>VIRT_CONTROL: a guest's start, stop and init.</summary>
    public const int Control = 2500;

    /// <summary>VIRT_RESOURCE: a resource given, taken or changed.</summary>
    public const int Resource = 2501;

    /// <summary>VIRT_MACHINE_ID: a guest's security label.</summary>
    public const int MachineId = 2502;

    /// <summary>The first number of the virtualization range.</summary>
    public const int First = 2500;

    /// <summary>The last number of the virtualization range.</summary>
    public const int Last = 2599;

    internal const int UserAvc = 1107;
    internal const int SystemBoot = 1127;
    internal const int SystemShutdown = 1128;
    internal const int DaemonStart = 1200;
    internal const int DaemonEnd = 1201;
    internal const int DaemonAbort = 1202;
    internal const int DaemonResume = 1206;
    internal const int Syscall = 1300;
    internal const int ConfigChange = 1305;
    internal const int Seccomp = 1326;
    internal const int ProcTitle = 1327;
    internal const int Avc = 1400;
    internal const int AppArmorAudit = 1501;
    internal const int AppArmorAllowed = 1502;
    internal const int AppArmorDenied = 1503;
    internal const int AppArmorHint = 1504;
    internal const int AppArmorStatus = 1505;
    internal const int AppArmorError = 1506;
    internal const int AppArmorKill = 1507;
    internal const int AnomPromiscuous = 1700;
    internal const int AnomAbend = 1701;
    internal const int AnomLink = 1702;
    internal const int AnomCreat = 1703;

    private const int LongestName = 64;

    // Those that libvirt's lines name, looked at before any other.
    private static readonly string[] Virt =
    [
        "VIRT_CONTROL", "VIRT_RESOURCE", "VIRT_MACHINE_ID", "VIRT_INTEGRITY_CHECK",
        "VIRT_CREATE", "VIRT_DESTROY", "VIRT_MIGRATE_IN", "VIRT_MIGRATE_OUT",
    ];

    private static readonly Lazy<Table> All = new(() => new Table(Data));

    /// <summary>The types of the virtualization range that have a name, in the order of their numbers.</summary>
    public static IReadOnlyList<string> Names => Virt;

    /// <summary>All types that have a name, in the order of their numbers.</summary>
    internal static IEnumerable<KeyValuePair<int, string>> Known => All.Value.Names;

    /// <summary>The name of a type; as auditd writes it, <c>UNKNOWN[n]</c>, where it has none.</summary>
    public static string GetName(int type) =>
        type - First is >= 0 and var index && index < Virt.Length ? Virt[index]
        : All.Value.Names.TryGetValue(type, out string? name) ? name
        : string.Create(CultureInfo.InvariantCulture, $"UNKNOWN[{type}]");

    /// <summary>Whether <paramref name="type"/> is of the virtualization range.</summary>
    public static bool IsVirt(int type) => type is >= First and <= Last;

    /// <summary>
    /// The number of a type as a log names it: <c>AVC</c>, <c>UNKNOWN[2508]</c> (auditd), <c>AUDIT2500</c> (systemd without
    /// libaudit), <c>2500</c> (the kernel's log); 0 where it is none.
    /// </summary>
    public static int Parse(ReadOnlySpan<byte> name)
    {
        if (name.StartsWith("VIRT_"u8))
        {
            for (int i = 0; i < Virt.Length; i++)
            {
                if (System.Text.Ascii.Equals(name, Virt[i]))
                {
                    return First + i;
                }
            }

            return 0;
        }

        return ParseNumber(name) is > 0 and int number ? number : All.Value.Find(name);
    }

    internal static bool IsAnomaly(int type) => type is >= 1700 and <= 1799 or >= 2100 and <= 2199;

    internal static bool IsDenial(int type) => type is Avc or UserAvc or (>= AppArmorAudit and <= AppArmorKill and not AppArmorStatus);

    /// <summary>Whether the kernel stamps and numbers events of the type: auditd's own (DAEMON_START, …, 1200–1299) have numbers of auditd's.</summary>
    internal static bool IsOfKernel(int type) => type is < 1200 or > 1299;

    private static int ParseNumber(ReadOnlySpan<byte> name)
    {
        ReadOnlySpan<byte> digits = name.StartsWith("UNKNOWN["u8) && name[^1] == (byte)']' ? name[8..^1]
            : name.StartsWith("AUDIT"u8) ? name["AUDIT".Length..]
            : name;
        return digits.Length == 4 && digits[0] is >= (byte)'1' and <= (byte)'9'
            && Utf8Parser.TryParse(digits, out int number, out int used) && used == digits.Length ? number : 0;
    }

    private sealed class Table
    {
        private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _numbers;

        public Table(ReadOnlySpan<byte> data)
        {
            var numbers = new Dictionary<string, int>();
            foreach (Range range in data.Split((byte)'\n'))
            {
                ReadOnlySpan<byte> line = data[range];
                int used = line.IndexOf((byte)' ');
                int number = int.Parse(line[..used], CultureInfo.InvariantCulture);
                string name = System.Text.Encoding.ASCII.GetString(line[(used + 1)..]);
                Names.Add(number, name);
                numbers.Add(name, number);
            }

            _numbers = numbers.GetAlternateLookup<ReadOnlySpan<char>>();
        }

        public SortedDictionary<int, string> Names { get; } = [];

        public int Find(ReadOnlySpan<byte> name)
        {
            Span<char> text = stackalloc char[LongestName];
            return name.Length <= LongestName && System.Text.Ascii.ToUtf16(name, text, out int length) == System.Buffers.OperationStatus.Done
                && _numbers.TryGetValue(text[..length], out int number) ? number : 0;
        }
    }
}
