using System.Globalization;

namespace LibvirtAudit.Parsing;

/// <summary>
/// The record types beside libvirt's own that the analysis needs: what ends or interrupts a guest's session, what may
/// have hit it, and what tells of the audit itself. Numbers and names as in <c>linux/audit.h</c> and libaudit's <c>audit-records.h</c>.
/// </summary>
internal static class TrailTypes
{
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

    private static readonly (int Type, string Name)[] Known =
    [
        (UserAvc, "USER_AVC"), (SystemBoot, "SYSTEM_BOOT"), (SystemShutdown, "SYSTEM_SHUTDOWN"),
        (DaemonStart, "DAEMON_START"), (DaemonEnd, "DAEMON_END"), (DaemonAbort, "DAEMON_ABORT"), (DaemonResume, "DAEMON_RESUME"),
        (Syscall, "SYSCALL"), (ConfigChange, "CONFIG_CHANGE"), (Seccomp, "SECCOMP"), (ProcTitle, "PROCTITLE"), (Avc, "AVC"),
        (AppArmorAudit, "APPARMOR_AUDIT"), (AppArmorAllowed, "APPARMOR_ALLOWED"), (AppArmorDenied, "APPARMOR_DENIED"),
        (AppArmorHint, "APPARMOR_HINT"), (AppArmorStatus, "APPARMOR_STATUS"), (AppArmorError, "APPARMOR_ERROR"), (AppArmorKill, "APPARMOR_KILL"),
        (AnomPromiscuous, "ANOM_PROMISCUOUS"), (AnomAbend, "ANOM_ABEND"), (AnomLink, "ANOM_LINK"), (AnomCreat, "ANOM_CREAT"),
        (2100, "ANOM_LOGIN_FAILURES"), (2101, "ANOM_LOGIN_TIME"), (2102, "ANOM_LOGIN_SESSIONS"), (2103, "ANOM_LOGIN_ACCT"),
        (2104, "ANOM_LOGIN_LOCATION"), (2105, "ANOM_MAX_DAC"), (2106, "ANOM_MAX_MAC"), (2107, "ANOM_AMTU_FAIL"),
        (2108, "ANOM_RBAC_FAIL"), (2109, "ANOM_RBAC_INTEGRITY_FAIL"), (2110, "ANOM_CRYPTO_FAIL"), (2111, "ANOM_ACCESS_FS"),
        (2112, "ANOM_EXEC"), (2113, "ANOM_MK_EXEC"), (2114, "ANOM_ADD_ACCT"), (2115, "ANOM_DEL_ACCT"), (2116, "ANOM_MOD_ACCT"),
        (2117, "ANOM_ROOT_TRANS"), (2118, "ANOM_LOGIN_SERVICE"), (2119, "ANOM_LOGIN_ROOT"), (2120, "ANOM_ORIGIN_FAILURES"),
        (2121, "ANOM_SESSION"),
    ];

    /// <summary>
    /// What the SYSCALL and PROCTITLE records have that may tell of a guest: <c>guest=</c> in the hexadecimal that the kernel
    /// writes of a command line, and the names of helper processes. There are very many of the others.
    /// </summary>
    private static readonly SearchWord[] CompanionWords = [new("67756573743D"u8, 9), new("comm=\"swtpm"u8, 6), new("comm=\"virtiofsd"u8, 10)];

    private static readonly Dictionary<int, string> Names = Known.ToDictionary(known => known.Type, known => known.Name);

    /// <summary>The words for a <see cref="CandidateScanner"/>, one of which every line of these types has: by name, without a name, and by number.</summary>
    internal static IReadOnlyList<SearchWord> Words { get; } =
    [
        new("type=AVC"u8, 4), new("type=ANOM_"u8, 4), new("type=APPARMOR_"u8, 4), new("type=SECCOMP"u8, 4), new("type=SYSTEM_"u8, 6), new("type=DAEMON_"u8, 4),
        new("type=CONFIG_"u8, 4), new("type=USER_AVC"u8, 9), .. CompanionWords,
        new("UNKNOWN[15"u8, 7), new("UNKNOWN[17"u8, 7), new("UNKNOWN[21"u8, 7), new("type=1"u8, 3), new("type=21"u8, 4),
    ];

    internal static bool IsAnomaly(int type) => type is >= 1700 and <= 1799 or >= 2100 and <= 2199;

    internal static bool IsDenial(int type) => type is Avc or UserAvc or AppArmorAudit or AppArmorAllowed or AppArmorDenied or AppArmorHint or AppArmorError or AppArmorKill;

    /// <summary>Whether records of the type only say more of an event that another record reports.</summary>
    internal static bool IsCompanion(int type) => type is Syscall or ProcTitle;

    /// <summary>Whether a companion's fields may tell of a guest.</summary>
    internal static bool TellsOfGuest(ReadOnlySpan<byte> fields)
    {
        foreach (SearchWord word in CompanionWords)
        {
            if (fields.IndexOf(word.Text) >= 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The name of a type; as auditd writes it, <c>UNKNOWN[n]</c>, where it has none.</summary>
    internal static string GetName(int type) =>
        Names.TryGetValue(type, out string? name) ? name : string.Create(CultureInfo.InvariantCulture, $"UNKNOWN[{type}]");

    /// <summary>The number of a type as a log names it, or 0 where the analysis has no use for it.</summary>
    internal static int Parse(ReadOnlySpan<byte> name)
    {
        if (name.StartsWith("VIRT_"u8))
        {
            return 0;
        }

        if (name.IsEmpty || name[0] is < (byte)'0' or > (byte)'9')
        {
            foreach ((int type, string known) in Known)
            {
                if (System.Text.Ascii.Equals(name, known))
                {
                    return type;
                }
            }
        }

        ReadOnlySpan<byte> digits = name.StartsWith("UNKNOWN["u8) && name[^1] == (byte)']' ? name[8..^1] : name;
        return digits.Length == 4
            && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            && (Names.ContainsKey(number) || IsAnomaly(number)) ? number : 0;
    }
}
