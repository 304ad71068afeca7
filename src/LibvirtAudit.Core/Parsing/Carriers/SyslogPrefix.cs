using System.Buffers;
using System.Buffers.Text;

namespace LibvirtAudit.Parsing.Carriers;

/// <summary>
/// What syslog and journalctl put before a message: <c>[TIME HOST ]IDENTIFIER[[PID]]: </c>. The time has no year or no
/// milliseconds and is not the event's, so it is not read.
/// </summary>
internal readonly ref struct SyslogPrefix
{
    private const int MostTokens = 6;
    private static readonly SearchValues<byte> IdentifierBytes = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-/@"u8);

    private static readonly SearchValues<byte> Letters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"u8);

    private SyslogPrefix(Slot host, ReadOnlySpan<byte> identifier, int? processId, int message)
    {
        Host = host;
        Identifier = identifier;
        ProcessId = processId;
        Message = message;
    }

    /// <summary>Where the host stands; absent where the line names none.</summary>
    public Slot Host { get; }

    /// <summary>The program that the message is of.</summary>
    public ReadOnlySpan<byte> Identifier { get; }

    /// <summary>The program's process id; null where the line has none.</summary>
    public int? ProcessId { get; }

    /// <summary>Where the message begins.</summary>
    public int Message { get; }

    /// <summary>Reads the prefix of the line from <paramref name="start"/>.</summary>
    public static bool TryRead(ReadOnlySpan<byte> line, int start, out SyslogPrefix prefix)
    {
        int position = start;
        Slot previous = default;
        bool isTime = true;
        for (int token = 0; token < MostTokens && position < line.Length; token++)
        {
            ReadOnlySpan<byte> rest = line[position..];
            int blank = rest.IndexOf((byte)' ');
            if (blank < 0)
            {
                break;
            }

            // Days of one digit have two blanks before them.
            if (blank > 0)
            {
                if (rest[blank - 1] == (byte)':' && TryReadIdentifier(rest[..(blank - 1)], out ReadOnlySpan<byte> identifier, out int? processId))
                {
                    // The identifier alone, or a time and a host before it: other words are of a message, which may say anything.
                    prefix = new SyslogPrefix(token >= 2 ? previous : default, identifier, processId, position + blank + 1);
                    return token == 0 || (token >= 2 && isTime);
                }

                isTime &= token == 0 || IsOfTime(previous.Of(line));
                previous = new Slot(position, blank);
            }
            else
            {
                token--;
            }

            position += blank + 1;
        }

        prefix = default;
        return false;
    }

    // 'Nov', '22', '14:52:55', '2026-11-22T14:52:55+0000', 'UTC'; with the priority that syslog puts before the first.
    private static bool IsOfTime(ReadOnlySpan<byte> token)
    {
        if (token.StartsWith("<"u8))
        {
            token = token[(token.IndexOf((byte)'>') + 1)..];
        }

        return token.Length > 0 && (token[0] is >= (byte)'0' and <= (byte)'9' || (token.Length is 3 or 4 && !token.ContainsAnyExcept(Letters)));
    }

    private static bool TryReadIdentifier(ReadOnlySpan<byte> token, out ReadOnlySpan<byte> identifier, out int? processId)
    {
        processId = null;
        identifier = token;
        if (token is [.., (byte)']'] && token.IndexOf((byte)'[') is > 0 and var open
            && Utf8Parser.TryParse(token[(open + 1)..^1], out int number, out int used) && used == token.Length - open - 2)
        {
            processId = number;
            identifier = token[..open];
        }

        return identifier.Length > 0 && !identifier.ContainsAnyExcept(IdentifierBytes);
    }
}
