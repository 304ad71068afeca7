using System.Collections;
using System.Management.Automation;

namespace LibvirtAudit.Completion;

/// <summary>What is typed already on a command line that is being completed.</summary>
/// <param name="typed">The values of the other parameters, as PowerShell hands them to a completer.</param>
/// <param name="completed">The parameter that is being completed; what is typed of it says nothing.</param>
internal sealed class TypedArguments(IDictionary typed, string completed)
{
    /// <summary>Whether what is typed for a parameter leaves a value over: nothing is typed, or the value itself, or a pattern that it matches.</summary>
    public bool Leave(string parameter, string? value) => Texts(parameter) is not string[] texts || texts.Any(text => IsMatch(text, value ?? ""));

    /// <summary>Whether anything is typed for a parameter.</summary>
    public bool Has(string parameter) => Texts(parameter) is not null;

    /// <summary>What is typed for a parameter; null where nothing is that can be known without running it.</summary>
    public string[]? Texts(string parameter) =>
        parameter.Equals(completed, StringComparison.OrdinalIgnoreCase) || typed[parameter] is not object value ? null : LanguagePrimitives.ConvertTo<string[]>(value);

    private static bool IsMatch(string pattern, string value)
    {
        try
        {
            return value.Equals(pattern, StringComparison.OrdinalIgnoreCase) || new WildcardPattern(pattern, WildcardOptions.IgnoreCase | WildcardOptions.CultureInvariant).IsMatch(value);
        }
        catch (WildcardPatternException)
        {
            // Half of a pattern may be typed.
            return false;
        }
    }
}
