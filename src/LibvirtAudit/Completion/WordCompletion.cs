using System.Management.Automation;
using LibvirtAudit.Records;

namespace LibvirtAudit.Completion;

/// <summary>Completion from a list of words.</summary>
internal static class WordCompletion
{
    private static readonly char[] Quotes = ['\'', '"', '‘', '’', '‚', '‛', '“', '”', '„'];

    /// <summary>The words that begin with what is typed, in the list's order.</summary>
    public static IEnumerable<CompletionResult> Complete(IEnumerable<string> words, string typed) =>
        Complete(words.Select(word => (word, "")), typed, ArgumentText.Of);

    /// <summary>The words that begin with what is typed or match it as a pattern, in the list's order.</summary>
    /// <param name="words">The words, none empty, and what is to be known of each; "" for nothing.</param>
    /// <param name="typed">What is typed, with a quote at its front if one is.</param>
    /// <param name="argument">How a word stands on a command line.</param>
    public static IEnumerable<CompletionResult> Complete(IEnumerable<(string Word, string About)> words, string typed, Func<string, string> argument)
    {
        string start = typed.Trim(Quotes);
        Func<string, bool> isMatch = PatternOf(start);
        foreach ((string word, string about) in words)
        {
            string text = argument(word);
            if (word.StartsWith(start, StringComparison.OrdinalIgnoreCase) || isMatch(word) || text.TrimStart(Quotes).StartsWith(start, StringComparison.OrdinalIgnoreCase))
            {
                string shown = PrintableText.Escape(word)!;
                yield return new CompletionResult(text, shown, CompletionResultType.ParameterValue, about.Length == 0 ? shown : PrintableText.Escape(about));
            }
        }
    }

    private static Func<string, bool> PatternOf(string start)
    {
        var pattern = new WildcardPattern(start + "*", WildcardOptions.IgnoreCase | WildcardOptions.CultureInvariant);
        try
        {
            _ = pattern.IsMatch("");
            return pattern.IsMatch;
        }
        catch (WildcardPatternException)
        {
            // A bracket that is no pattern may be the beginning of a name.
            return _ => false;
        }
    }
}
