using System.Management.Automation.Runspaces;

namespace LibvirtAudit.Shell;

/// <summary>The words after <c>-File SCRIPT</c> as the script's parameters, by pwsh's rules.</summary>
internal static class ScriptArguments
{
    /// <summary>
    /// <c>-Name</c> alone is a parameter whose value, if it takes one, follows as a word of its own; <c>-Name:VALUE</c> and
    /// <c>-Name: VALUE</c> tie the value to it, true and false (also with <c>$</c>) being booleans in the former.
    /// Every other word is a positional value.
    /// </summary>
    public static IEnumerable<CommandParameter> Parse(IReadOnlyList<string> words)
    {
        for (int i = 0; i < words.Count; i++)
        {
            string word = words[i];
            int colon = word.IndexOf(':', StringComparison.Ordinal);
            if (word.Length < 2 || word[0] != '-')
            {
                yield return new CommandParameter(null, word);
            }
            else if (colon < 0)
            {
                yield return new CommandParameter(word);
            }
            else if (colon < word.Length - 1)
            {
                yield return new CommandParameter(word[..colon], BooleanOrText(word[(colon + 1)..]));
            }
            else if (++i < words.Count)
            {
                yield return new CommandParameter(word[..colon], words[i]);
            }
        }
    }

    private static object BooleanOrText(string value) =>
        bool.TryParse(value.AsSpan(value[0] == '$' ? 1 : 0), out bool boolean) ? boolean : value;
}
