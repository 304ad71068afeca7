using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Language;
using LibvirtAudit.Format;
using LibvirtAudit.Logs;
using LibvirtAudit.Records;

namespace LibvirtAudit.Completion;

/// <summary>Offers what the logs hold that the command line names; only what fits the guest, host and resource already typed.</summary>
public abstract class LogCompleter : IArgumentCompleter
{
    /// <summary>A device may have been many guests'; a tooltip is one line.</summary>
    private const int MostAbout = 4;

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        var typed = new TypedArguments(fakeBoundParameters, parameterName);
        KnownNames names = CommandLogs.Read(commandAst, typed);
        IEnumerable<(string Word, string About)> words = Find(names, typed, parameterName)
            .Where(found => found.Word.Length > 0)
            .GroupBy(found => found.Word, StringComparer.Ordinal)
            .OrderBy(group => group.Key, StringComparer.OrdinalIgnoreCase)
            .Select(group => (group.Key, Join(group.Select(found => found.About).Where(about => about.Length > 0).Distinct().Order(StringComparer.OrdinalIgnoreCase))));

        // The cmdlets that write take names to the letter, those that read as patterns.
        bool isWriting = commandName.StartsWith(VerbsCommunications.Write + "-", StringComparison.OrdinalIgnoreCase);
        return WordCompletion.Complete(words, wordToComplete, isWriting ? ArgumentText.Of : ArgumentText.PatternOf);
    }

    /// <summary>The words, with what is to be known of each.</summary>
    private protected abstract IEnumerable<(string Word, string About)> Find(KnownNames names, TypedArguments typed, string parameter);

    /// <summary>The guests that what is typed leaves.</summary>
    private protected static IEnumerable<KnownGuest> Guests(KnownNames names, TypedArguments typed) => names.Guests.Where(guest =>
        typed.Leave(nameof(VirtAuditRecord.VMName), guest.VMName)
        && typed.Leave(nameof(VirtAuditRecord.Uuid), TextOf(guest.Uuid))
        && typed.Leave(nameof(VirtAuditRecord.Driver), guest.Driver)
        && typed.Leave(nameof(VirtAuditRecord.Node), guest.Node));

    private static string Join(IEnumerable<string> abouts) => string.Join(", ", abouts.Take(MostAbout + 1).Select((about, index) => index < MostAbout ? about : "…"));

    private protected static string TextOf(Guid? uuid) => uuid?.ToString("D", CultureInfo.InvariantCulture) ?? "";
}

/// <summary>Completes -VMName; each name with the UUIDs of the guests that have it.</summary>
public sealed class GuestNameCompleter : LogCompleter
{
    private protected override IEnumerable<(string Word, string About)> Find(KnownNames names, TypedArguments typed, string parameter) =>
        from guest in Guests(names, typed)
        where guest.VMName is not null
        select (guest.VMName, TextOf(guest.Uuid));
}

/// <summary>Completes -Uuid; each with the guest's name.</summary>
public sealed class GuestUuidCompleter : LogCompleter
{
    private protected override IEnumerable<(string Word, string About)> Find(KnownNames names, TypedArguments typed, string parameter) =>
        from guest in Guests(names, typed)
        where guest.Uuid is not null
        select (TextOf(guest.Uuid), guest.VMName ?? "");
}

/// <summary>Completes -Node.</summary>
public sealed class NodeCompleter : LogCompleter
{
    private protected override IEnumerable<(string Word, string About)> Find(KnownNames names, TypedArguments typed, string parameter) =>
        from guest in Guests(names, typed)
        where guest.Node is not null
        select (guest.Node, "");
}

/// <summary>Completes -Value, and the parameters that are called as the property whose value they are; each with the resource type and guest that had it.</summary>
public sealed class ResourceValueCompleter : LogCompleter
{
    private const string AnyValue = "Value";
    private static readonly RecordField[] Changed = [RecordField.OldValue, RecordField.NewValue];
    private static readonly RecordField[] ResourceFields =
        [.. Grammar.Shapes.SelectMany(shape => shape.Fields).Where(field => field.IsResourceValue).Select(field => field.Property).Distinct()];

    private protected override IEnumerable<(string Word, string About)> Find(KnownNames names, TypedArguments typed, string parameter)
    {
        RecordField[] fields = parameter == AnyValue ? ResourceFields
            : Enum.Parse<RecordField>(parameter) is var field && Changed.Contains(field) ? Changed
            : [field];
        return from known in names.Values
               where fields.Contains(known.Field)
                   && typed.Leave(nameof(VirtAuditRecord.ResourceType), known.ResourceType)
                   && typed.Leave(nameof(VirtAuditRecord.VMName), known.VMName)
               select (known.Text, string.Join(" of ", new[] { known.ResourceType, known.VMName }.Where(text => text is not null)));
    }
}
