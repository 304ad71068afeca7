using System.Management.Automation;

namespace LibvirtAudit.Completion;

/// <summary>Completion from a list of words.</summary>
internal static class WordCompletion
{
    /// <summary>The words that begin with what is typed, in the list's order.</summary>
    public static IEnumerable<CompletionResult> Complete(IEnumerable<string> words, string typed)
    {
        string start = typed.Trim('\'', '"');
        return words.Where(word => word.StartsWith(start, StringComparison.OrdinalIgnoreCase))
            .Select(word => new CompletionResult(Quote(word), word, CompletionResultType.ParameterValue, word));
    }

    // Brackets would be read as a wildcard, and a blank would end the argument.
    private static string Quote(string word) =>
        word.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or ':' or '/') ? word : "'" + word.Replace("'", "''", StringComparison.Ordinal) + "'";
}
