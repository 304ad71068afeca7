using LibvirtAudit.Records;

namespace LibvirtAudit.Faults;

/// <summary>One failure: what an error record says of it, without PowerShell.</summary>
/// <param name="Id">Which failure it is.</param>
/// <param name="Message">What happened, with file, line and what was found; free of control characters.</param>
public sealed record Fault(FaultId Id, string Message)
{
    /// <summary>What the failure is about: a path, a line's text, an object. Null where there is no such thing. A text is free of control characters, since PowerShell shows it: CategoryView its beginning, Get-Error all of it.</summary>
    public object? Target
    {
        get;
        init => field = value is string text ? PrintableText.Escape(text) : value;
    }

    /// <summary>Whether it is a warning: the work goes on as it would without, but something is amiss.</summary>
    public bool IsWarning { get; init; }

    /// <summary>The exception behind it; null where there is none. Where its message holds control characters, as .NET's do that name a path, another one with the message made printable stands for it.</summary>
    public Exception? Cause
    {
        get;
        init => field = value is null || ReferenceEquals(PrintableText.Escape(value.Message), value.Message) ? value : new IOException(PrintableText.Escape(value.Message), value.HResult);
    }
}

/// <summary>A failure after which the operation cannot go on.</summary>
public sealed class FaultException : Exception
{
    /// <summary>Makes the exception of <paramref name="fault"/>.</summary>
    public FaultException(Fault fault)
        : base(fault.Message, fault.Cause) => Fault = fault;

    /// <summary>The failure.</summary>
    public Fault Fault { get; }
}
