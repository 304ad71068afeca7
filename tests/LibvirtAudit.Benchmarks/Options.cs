using System.Globalization;

namespace LibvirtAudit.Benchmarks;

/// <summary>A command line: words, and options with a value each (<c>--size 1GB</c>) or none (<c>--stay</c>).</summary>
internal sealed class Options
{
    private readonly Dictionary<string, List<string>> _options = new(StringComparer.Ordinal);

    /// <summary>Takes a command line apart.</summary>
    public Options(IReadOnlyList<string> arguments)
    {
        var words = new List<string>();
        for (int i = 0; i < arguments.Count; i++)
        {
            if (!arguments[i].StartsWith("--", StringComparison.Ordinal))
            {
                words.Add(arguments[i]);
                continue;
            }

            List<string> values = Values(arguments[i][2..]);
            if (i + 1 < arguments.Count && !arguments[i + 1].StartsWith("--", StringComparison.Ordinal))
            {
                values.Add(arguments[++i]);
            }
        }

        Words = words;
    }

    /// <summary>What is no option.</summary>
    public IReadOnlyList<string> Words { get; }

    /// <summary>Whether an option was given.</summary>
    public bool Has(string name) => _options.ContainsKey(name);

    /// <summary>An option's value; null where it was not given.</summary>
    public string? Find(string name) => _options.GetValueOrDefault(name)?.LastOrDefault();

    /// <summary>All values of an option that may be given several times.</summary>
    public IReadOnlyList<string> All(string name) => _options.GetValueOrDefault(name) ?? [];

    /// <summary>The value of an option that must be there.</summary>
    /// <exception cref="UsageException">It is not.</exception>
    public string Get(string name) => Find(name) ?? throw new UsageException($"--{name} is missing.");

    /// <summary>A number.</summary>
    /// <exception cref="UsageException">It is none.</exception>
    public int Number(string name, int otherwise) => Find(name) is not string text ? otherwise
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number
        : throw new UsageException($"--{name} takes a number, not '{text}'.");

    /// <summary>A size such as <c>100MB</c> or <c>1GB</c>, in bytes; these are decimal.</summary>
    /// <exception cref="UsageException">It is none.</exception>
    public long Size(string name, string otherwise)
    {
        string text = Find(name) ?? otherwise;
        foreach ((string unit, long bytes) in (ReadOnlySpan<(string, long)>)[("MB", 1_000_000), ("GB", 1_000_000_000)])
        {
            if (text.EndsWith(unit, StringComparison.OrdinalIgnoreCase) && long.TryParse(text.AsSpan(0, text.Length - unit.Length), NumberStyles.None, CultureInfo.InvariantCulture, out long number))
            {
                return number * bytes;
            }
        }

        throw new UsageException($"--{name} takes a size such as 100MB or 1GB, not '{text}'.");
    }

    private List<string> Values(string name)
    {
        if (!_options.TryGetValue(name, out List<string>? values))
        {
            _options.Add(name, values = []);
        }

        return values;
    }
}

/// <summary>The command line says something that this program doesn't understand.</summary>
internal sealed class UsageException(string message) : Exception(message);
