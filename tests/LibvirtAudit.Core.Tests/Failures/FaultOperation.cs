using LibvirtAudit.Faults;

namespace LibvirtAudit.Tests.Failures;

/// <summary>Something that the module does, with what must hold of it whichever of its calls fails.</summary>
internal abstract class FaultOperation
{
    /// <summary>The operations, by the name that they have in the report.</summary>
    public static IReadOnlyDictionary<string, FaultOperation> All { get; } = typeof(FaultOperation).Assembly.GetTypes()
        .Where(type => type.IsSubclassOf(typeof(FaultOperation)) && !type.IsAbstract)
        .Select(type => (FaultOperation)Activator.CreateInstance(type)!)
        .ToDictionary(operation => operation.GetType().Name);

    /// <summary>Which failures are promised where a call says that this user may not.</summary>
    public abstract FaultId[] Denied { get; }

    /// <summary>Which where a call fails otherwise.</summary>
    public abstract FaultId[] Broken { get; }

    /// <summary>Which come where no call of the drill's fails, and beside those that are promised for one that does.</summary>
    public virtual FaultId[] Always => [];

    /// <summary>Whether only the calls of the operation's own thread are made to fail, of whatever files.</summary>
    public virtual bool IsOfOwnThread => false;

    /// <summary>Why it can't be done here; null where it can.</summary>
    public virtual string? Obstacle => null;

    /// <summary>What comes before.</summary>
    public virtual void Prepare(Trial trial)
    {
    }

    /// <summary>The operation.</summary>
    public abstract void Act(Trial trial);

    /// <summary>What is wrong with what it did; nothing where nothing is.</summary>
    public abstract IEnumerable<string> Judge(Trial trial);

    /// <summary>Whether a harmless failure of this call may be told all the same.</summary>
    public virtual bool MayTell(Injection injection) => false;

    protected static bool IsRising(int[] numbers) => numbers.Zip(numbers.Skip(1)).All(pair => pair.First < pair.Second);

    protected static string Show(IEnumerable<int> numbers) => string.Join(' ', numbers.Take(20));
}
