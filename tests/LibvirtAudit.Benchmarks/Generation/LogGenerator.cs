using System.Text.Unicode;

namespace LibvirtAudit.Benchmarks.Generation;

/// <summary>
/// Makes a log: guests that live their lives, between events of a real host. Libvirt's records come in bursts, as they do
/// when a guest starts, and the whole has the share of them that the recipe says.
/// </summary>
public sealed class LogGenerator
{
    private const long FirstStamp = 1_795_000_000_000;
    private const int UnnamedEvery = 2000;
    private const int Tick = 4;
    private static readonly TimeSpan HourBegins = TimeSpan.FromMinutes(10);

    private readonly LogRecipe _recipe;
    private readonly Random _random;
    private readonly IReadOnlyList<OtherEvent> _others;
    private readonly GuestLife[] _guests;
    private readonly byte[][] _nodes;
    private readonly uint[] _serials;
    private readonly byte[] _line = new byte[64 * 1024];
    private readonly LogFacts _facts = new();
    private long _stamp = FirstStamp;
    private int _length;

    private LogGenerator(LogRecipe recipe, string capture)
    {
        _recipe = recipe;
        _random = new Random(recipe.Seed);
        _others = OtherEvent.Read(capture, recipe.IsEnriched);
        _guests = [.. Enumerable.Range(1, recipe.Guests).Select(number => new GuestLife(number, _random))];
        _nodes = [.. Enumerable.Range(1, recipe.Nodes).Select(node => System.Text.Encoding.UTF8.GetBytes($"node=kvm{node:00}.example.org ")).DefaultIfEmpty([])];
        _serials = new uint[_nodes.Length];
        GuestLife told = _guests[_guests.Length / 2];
        _facts.GuestName = told.Name;
        _facts.GuestUuid = told.Uuid;
        _facts.HourFrom = FirstStamp + (long)HourBegins.TotalMilliseconds;
        _facts.HourTo = _facts.HourFrom + (long)TimeSpan.FromHours(1).TotalMilliseconds;
    }

    /// <summary>Writes the log that <paramref name="recipe"/> states to <paramref name="stream"/> and closes it.</summary>
    /// <param name="recipe">Which log.</param>
    /// <param name="capture">An enriched audit.log of a real host, for the events between libvirt's.</param>
    /// <param name="stream">Where it goes.</param>
    public static LogFacts Write(LogRecipe recipe, string capture, Stream stream)
    {
        var generator = new LogGenerator(recipe, capture);
        using (var order = new LineOrder(stream, recipe.Disorder, new Random(recipe.Seed + 1)))
        {
            generator.Write(order);
        }

        return generator._facts;
    }

    private bool IsLong => _facts.Bytes >= _recipe.Bytes || _facts.Records >= _recipe.Records;

    private void Write(LineOrder order)
    {
        while (!IsLong)
        {
            if (_facts.Records < _recipe.Share * (_facts.Lines + 1))
            {
                int guest = _random.Next(_guests.Length);
                foreach (VirtMessage message in _guests[guest].Next())
                {
                    Add(order, message, _guests[guest], guest % _nodes.Length);
                    if (IsLong)
                    {
                        break;
                    }
                }
            }
            else
            {
                Add(order, _others[_random.Next(_others.Count)], _random.Next(_nodes.Length));
            }
        }
    }

    private void Add(LineOrder order, OtherEvent other, int node)
    {
        Advance(node);
        foreach (OtherEvent.Line line in other.Lines)
        {
            _length = 0;
            Put(_nodes[node]);
            Put(line.Before);
            PutStamp(node);
            Put(line.Behind);
            End(order);
        }
    }

    private void Add(LineOrder order, VirtMessage message, GuestLife guest, int node)
    {
        Advance(node);
        Count(message, guest);
        _length = 0;
        Put(_nodes[node]);
        if (_facts.Records % UnnamedEvery == 0)
        {
            // As a record of a type that this auditd has no name for.
            _facts.Unnamed++;
            Put("type=UNKNOWN[2508] msg=audit("u8);
        }
        else
        {
            Put("type="u8);
            PutText(message.Type);
            Put(" msg=audit("u8);
        }

        PutStamp(node);
        Put("): pid="u8);
        PutNumber(812 + node);
        Put(" uid=0 auid=4294967295 ses=4294967295 subj=system_u:system_r:virtd_t:s0-s0:c0.c1023 msg='"u8);
        PutText(message.Body);
        Put(" exe=\"/usr/sbin/libvirtd\" hostname=? addr=? terminal=? res="u8);
        Put(message.IsSuccess ? "success'"u8 : "failed'"u8);
        if (_recipe.IsEnriched)
        {
            Put("\u001dUID=\"root\" AUID=\"unset\""u8);
        }

        End(order);
    }

    private void Count(VirtMessage message, GuestLife guest)
    {
        _facts.Records++;
        bool isNamed = _facts.Records % UnnamedEvery != 0;
        _facts.GuestRecords += guest.Uuid == _facts.GuestUuid ? 1 : 0;
        _facts.HourRecords += _stamp >= _facts.HourFrom && _stamp <= _facts.HourTo ? 1 : 0;
        _facts.Starts += isNamed && message.IsSuccess && message.Body.Contains(" op=start ", StringComparison.Ordinal) ? 1 : 0;
        _facts.Stops += isNamed && message.Body.Contains(" op=stop ", StringComparison.Ordinal) ? 1 : 0;
    }

    // The kernel's clock ticks at 4 ms, so that many events share a stamp; one serial counts the events of a host.
    private void Advance(int node)
    {
        _stamp += _random.Next(20) * Tick;
        _serials[node]++;
    }

    private void PutStamp(int node)
    {
        (long seconds, long milliseconds) = Math.DivRem(_stamp, 1000);
        Utf8.TryWrite(_line.AsSpan(_length), $"{seconds}.{milliseconds:000}:{_serials[node]}", out int written);
        _length += written;
    }

    private void PutNumber(int number)
    {
        Utf8.TryWrite(_line.AsSpan(_length), $"{number}", out int written);
        _length += written;
    }

    private void PutText(string text) => _length += System.Text.Encoding.UTF8.GetBytes(text, _line.AsSpan(_length));

    private void Put(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_line.AsSpan(_length));
        _length += bytes.Length;
    }

    private void End(LineOrder order)
    {
        Put("\n"u8);
        _facts.Lines++;
        _facts.Bytes += _length;
        order.Add(_line.AsSpan(0, _length));
    }
}
