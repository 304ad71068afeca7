using System.Globalization;

namespace LibvirtAudit.Benchmarks.Generation;

/// <summary>Which log is made. Equal recipes make equal logs, byte for byte.</summary>
/// <param name="Kind">What the log is called.</param>
/// <param name="Share">How many of its lines are of libvirt, 0 to 1.</param>
public sealed record LogRecipe(string Kind, double Share)
{
    /// <summary>To be raised with every change of what the generator writes, so that no log of an older one is taken for this one's.</summary>
    private const int Version = 2;

    /// <summary>The kinds by their names.</summary>
    public static IReadOnlyDictionary<string, LogRecipe> Kinds { get; } = new LogRecipe[]
    {
        new("mixed2", 0.02),
        new("mixed10", 0.1),
        new("virt", 1),
        new("enriched", 0.02) { IsEnriched = true },
        new("aggregated", 0.02) { Nodes = 8 },
        new("disordered", 0.02) { Disorder = 5000 },
    }.ToDictionary(recipe => recipe.Kind);

    /// <summary>The log ends behind the line that reaches this size, in bytes.</summary>
    public long Bytes { get; init; } = long.MaxValue;

    /// <summary>The log ends behind so many of libvirt's records.</summary>
    public long Records { get; init; } = long.MaxValue;

    /// <summary>How many guests there are.</summary>
    public int Guests { get; init; } = 200;

    /// <summary>Whether lines have the names that auditd adds behind 0x1D (<c>log_format=ENRICHED</c>).</summary>
    public bool IsEnriched { get; init; }

    /// <summary>How many hosts wrote the log; 0 for one host and no <c>node=</c>.</summary>
    public int Nodes { get; init; }

    /// <summary>How many lines wait at a time, of which any may be the next; 0 for a log in its order.</summary>
    public int Disorder { get; init; }

    /// <summary>What chance begins with.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>A file name for the log, another for every recipe.</summary>
    public string FileName
    {
        get
        {
            string size = Records == long.MaxValue ? FormattableString.Invariant($"{Bytes}b") : FormattableString.Invariant($"{Records}r");
            return string.Create(CultureInfo.InvariantCulture, $"{Kind}-{size}-{Guests}g-d{Disorder}-s{Seed}-v{Version}.log");
        }
    }
}
