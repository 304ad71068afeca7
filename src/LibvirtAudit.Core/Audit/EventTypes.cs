using System.Globalization;
using LibvirtAudit.Parsing;

namespace LibvirtAudit.Audit;

/// <summary>
/// The record types beside libvirt's own that a consumer subscribes to. Only lines of these are candidates: what nobody
/// subscribes to costs nothing.
/// </summary>
internal sealed class EventTypes
{
    /// <summary>
    /// What the SYSCALL and PROCTITLE records have that may tell of a guest: <c>guest=</c> in the hexadecimal that the kernel
    /// writes of a command line, and the names of helper processes. There are very many of the others.
    /// </summary>
    private static readonly SearchWord[] CompanionWords =
        [new("67756573743D"u8, 9), new("comm=\"swtpm"u8, 6), new("comm=\"virtiofsd"u8, 10)];

    private readonly HashSet<int> _numbers;
    private readonly bool _withCompanions;

    private EventTypes(IEnumerable<int> numbers, bool withCompanions = false)
    {
        _numbers = [.. numbers];
        _withCompanions = withCompanions;
        Words = [.. _numbers.Count == 0 ? [] : MakeWords(), .. withCompanions ? CompanionWords : []];
    }

    /// <summary>No types.</summary>
    public static EventTypes None { get; } = new([]);

    /// <summary>What ends or interrupts a guest's session, what may have hit it, and what tells of the audit itself.</summary>
    public static EventTypes Analysis { get; } = new(
    [
        RecordTypes.SystemBoot, RecordTypes.SystemShutdown, RecordTypes.DaemonStart, RecordTypes.DaemonEnd, RecordTypes.DaemonAbort, RecordTypes.DaemonResume,
        RecordTypes.ConfigChange, RecordTypes.Seccomp, RecordTypes.Avc, RecordTypes.UserAvc,
        .. Enumerable.Range(RecordTypes.AppArmorAudit, RecordTypes.AppArmorKill - RecordTypes.AppArmorAudit + 1),
        .. Enumerable.Range(1700, 100), .. Enumerable.Range(2100, 100),
    ], withCompanions: true);

    /// <summary>Words, of which every line of these types has one: by name, without a name, by number, and as the journal writes it.</summary>
    public IReadOnlyList<SearchWord> Words { get; }

    /// <summary>Whether there are none.</summary>
    public bool IsEmpty => _numbers.Count == 0;

    /// <summary>Types by name, as libaudit has them.</summary>
    /// <exception cref="ArgumentException">libaudit names no such type.</exception>
    public static EventTypes Named(params IReadOnlyList<string> names) =>
        new(names.Select(name => RecordTypes.Parse(System.Text.Encoding.ASCII.GetBytes(name)) is > 0 and int type ? type : throw new ArgumentException(name, nameof(names))));

    /// <summary>Whether events of a type are wanted.</summary>
    public bool Contains(int type) => _numbers.Contains(type);

    /// <summary>Whether an event of that type with those fields is wanted.</summary>
    public bool Contains(int type, ReadOnlySpan<byte> fields) =>
        _numbers.Contains(type) || (_withCompanions && IsCompanion(type) && TellsOfGuest(fields));

    /// <summary>Whether records of the type only say more of an event that another record reports.</summary>
    public static bool IsCompanion(int type) => type is RecordTypes.Syscall or RecordTypes.ProcTitle;

    /// <summary>These types and those.</summary>
    public EventTypes With(EventTypes others) => new(_numbers.Union(others._numbers), _withCompanions || others._withCompanions);

    private static bool TellsOfGuest(ReadOnlySpan<byte> fields)
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

    private List<SearchWord> MakeWords()
    {
        // 'audit[PID]: NAME' and 'audit: NAME' of the journal's short forms and of the kernel's log, which hold no 'type=' of the name.
        // Their rare bytes are none of 'audit(', which every line of audit.log has.
        List<SearchWord> words = [new(" audit["u8, 4), new(" audit: "u8, 4)];
        string[] names = [.. RecordTypes.Known.Where(known => Contains(known.Key)).Select(known => known.Value)];
        foreach (IGrouping<string, string> family in names.GroupBy(name => name[..(name.IndexOf('_', StringComparison.Ordinal) + 1)]))
        {
            words.AddRange(family.Key.Length == 0 || family.Count() == 1 ? family.Select(name => Word("type=" + name, 4)) : [Word("type=" + family.Key, 4)]);
        }

        // Numbers by their first two digits; those of the 1000s are many, and their first digit is enough.
        string[] numbers = [.. _numbers.Select(number => (number / 100).ToString(CultureInfo.InvariantCulture)).Distinct()];
        words.AddRange(numbers.Select(number => number[0] == '1' ? "1" : number).Distinct().Select(number => Word("type=" + number, number.Length == 1 ? 3 : 4)));
        IEnumerable<string> unnamed = _numbers.Where(number => RecordTypes.GetName(number)[^1] == ']').Select(number => (number / 100).ToString(CultureInfo.InvariantCulture)).Distinct();
        words.AddRange(unnamed.Select(number => Word("UNKNOWN[" + number, 7)));
        return words;
    }

    private static SearchWord Word(string text, int rare) => new(System.Text.Encoding.ASCII.GetBytes(text), rare);
}
