using System.Globalization;

namespace LibvirtAudit.Writing;

/// <summary>Reads a text in the syntax of libvirt's configuration files; see <see cref="LibvirtConfiguration.Parse"/>.</summary>
internal ref struct LibvirtConfigurationReader(string text)
{
    private const string TripleQuote = "\"\"\"";
    private readonly int _length = text.Length;
    private ReadOnlySpan<char> _rest = text;

    /// <summary>The settings by name, each with its digits, or null where its value is not a number.</summary>
    /// <exception cref="FormatException">The text is not in the syntax.</exception>
    public Dictionary<string, string?> ReadNumbers()
    {
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal);
        SkipSpace(lines: true);
        while (!_rest.IsEmpty)
        {
            if (!SkipComment())
            {
                string name = ReadName();
                Expect('=', "an equals sign");
                settings.TryAdd(name, ReadValue());
                SkipSpace(lines: false);
                SkipComment();
            }

            ReadSeparator();
        }

        return settings;
    }

    private string ReadName()
    {
        int length = 0;
        while (length < _rest.Length && (char.IsAsciiLetter(_rest[length]) || (length > 0 && (char.IsAsciiDigit(_rest[length]) || _rest[length] == '_'))))
        {
            length++;
        }

        return length == 0 ? throw Unexpected("a name") : Take(length).ToString();
    }

    private string? ReadValue()
    {
        SkipSpace(lines: false);
        switch (_rest.IsEmpty ? '\0' : _rest[0])
        {
            case '"' when _rest.StartsWith(TripleQuote):
                SkipString(TripleQuote);
                return null;
            case '"':
                SkipString("\"");
                return null;
            case '\'':
                SkipString("'");
                return null;
            case '[':
                SkipList();
                return null;
            default:
                return ReadNumber();
        }
    }

    private string ReadNumber()
    {
        int length = !_rest.IsEmpty && _rest[0] is '-' or '+' ? 1 : 0;
        int sign = length;
        while (length < _rest.Length && char.IsAsciiDigit(_rest[length]))
        {
            length++;
        }

        return length == sign ? throw Unexpected("a value") : Take(length).ToString();
    }

    private void SkipString(string quote)
    {
        Take(quote.Length);
        int end = _rest.IndexOf(quote, StringComparison.Ordinal);
        if (end < 0 || (quote.Length == 1 && _rest[..end].ContainsAny('\n', '\r')))
        {
            throw Unexpected("the end of a string");
        }

        Take(end + quote.Length);
    }

    private void SkipList()
    {
        Take(1);
        SkipSpace(lines: true);
        while (!_rest.StartsWith("]"))
        {
            // A list of lists is none of libvirt's, and recursion would let a file end the process.
            if (_rest.StartsWith("["))
            {
                throw Unexpected("a value");
            }

            ReadValue();
            SkipSpace(lines: true);
            if (!_rest.StartsWith("]"))
            {
                Expect(',', "a comma or ]");
                SkipSpace(lines: true);
            }
        }

        Take(1);
    }

    private bool SkipComment()
    {
        if (!_rest.StartsWith("#"))
        {
            return false;
        }

        int end = _rest.IndexOfAny('\n', '\r');
        Take(end < 0 ? _rest.Length : end);
        return true;
    }

    private void ReadSeparator()
    {
        SkipSpace(lines: false);
        if (!_rest.IsEmpty && Take(1)[0] is not ('\n' or '\r' or ';'))
        {
            throw Unexpected("the end of the line");
        }

        SkipSpace(lines: true);
    }

    private void Expect(char wanted, string called)
    {
        SkipSpace(lines: false);
        if (_rest.IsEmpty || _rest[0] != wanted)
        {
            throw Unexpected(called);
        }

        Take(1);
    }

    private void SkipSpace(bool lines) => _rest = lines ? _rest.TrimStart(" \t\r\n") : _rest.TrimStart(" \t");

    private ReadOnlySpan<char> Take(int length)
    {
        ReadOnlySpan<char> taken = _rest[..length];
        _rest = _rest[length..];
        return taken;
    }

    private readonly FormatException Unexpected(string wanted)
    {
        int line = text.AsSpan(0, _length - _rest.Length).Count('\n') + 1;
        return new FormatException(string.Create(CultureInfo.InvariantCulture, $"line {line}: {wanted} was expected"));
    }
}
