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

    /// <summary>Where in a log it is; null where that is not known, or where it is about no line.</summary>
    public FaultPlace? Place { get; init; }

    /// <summary>Whether it is a warning: the work goes on as it would without, but something is amiss.</summary>
    public bool IsWarning { get; init; }

    /// <summary>The exception behind it; null where there is none. Where its message holds control characters, as .NET's do that name a path, another one with the message made printable stands for it.</summary>
    public Exception? Cause
    {
        get;
        init => field = value is null || ReferenceEquals(PrintableText.Escape(value.Message), value.Message) ? value : new IOException(PrintableText.Escape(value.Message), value.HResult);
    }
}

/// <summary>A place in a log.</summary>
/// <param name="Source">The file; null for text from the pipeline.</param>
/// <param name="Line">The line's number from 1 on; null where it is not known any more.</param>
/// <param name="Offset">Where the line begins, in bytes.</param>
public sealed record FaultPlace(string? Source, long? Line, long Offset);

/// <summary>A failure after which the operation cannot go on.</summary>
public sealed class FaultException : Exception
{
    /// <summary>Makes the exception of <paramref name="fault"/>.</summary>
    public FaultException(Fault fault)
        : base(fault.Message, fault.Cause) => Fault = fault;

    /// <summary>The failure.</summary>
    public Fault Fault { get; }
}
