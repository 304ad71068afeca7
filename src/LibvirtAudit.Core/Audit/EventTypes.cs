using System.Globalization;
using LibvirtAudit.Parsing;

namespace LibvirtAudit.Audit;

/// <summary>
/// The record types beside libvirt's own that a consumer subscribes to. Only lines of these are candidates: what nobody
/// subscribes to costs nothing.
/// </summary>
internal sealed class EventTypes
{
    private readonly HashSet<int> _numbers;

    private EventTypes(IEnumerable<int> numbers)
    {
        _numbers = [.. numbers];
        Words = _numbers.Count == 0 ? [] : MakeWords();
    }

    /// <summary>No types.</summary>
    public static EventTypes None { get; } = new([]);

    /// <summary>What ends or interrupts a guest's session, what may have hit it, and what tells of the audit itself.</summary>
    public static EventTypes Analysis { get; } = new(
    [
        RecordTypes.SystemBoot, RecordTypes.SystemShutdown, RecordTypes.DaemonStart, RecordTypes.DaemonEnd, RecordTypes.DaemonAbort, RecordTypes.DaemonResume,
        RecordTypes.ConfigChange, RecordTypes.Seccomp, RecordTypes.Avc, RecordTypes.AppArmorAllowed, RecordTypes.AppArmorDenied,
        .. Enumerable.Range(1700, 100), .. Enumerable.Range(2100, 100),
    ]);

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

    /// <summary>These types and those.</summary>
    public EventTypes With(EventTypes others) => new(_numbers.Union(others._numbers));

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
