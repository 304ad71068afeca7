using System.Runtime.InteropServices;

namespace LibvirtAudit.Analysis;

/// <summary>
/// Something that sessions have (a process, a label, a path), and which have it; after their end, where asked for, which had
/// it last. Each step costs the same however many sessions there are.
/// </summary>
internal sealed class LiveIndex<TKey>(bool remembers = false)
    where TKey : notnull
{
    private readonly bool _remembers = remembers;

    /// <summary>The latest entry of each key, from which the older ones are reached.</summary>
    private readonly Dictionary<TKey, Entry> _live = [];
    private readonly Dictionary<TKey, Entry> _former = [];

    internal Registration Add(TKey key, GuestSession session)
    {
        var entry = new Entry(this, key, session);
        entry.Enter(_live);
        return entry;
    }

    /// <summary>The latest session that has it; else the latest that had it. Null where no session is known to have had it.</summary>
    internal Match? Find(TKey key) => Find(_live, key, true) ?? Find(_former, key, false);

    private static Match? Find(Dictionary<TKey, Entry> index, TKey key, bool live)
    {
        if (!index.TryGetValue(key, out Entry? latest))
        {
            return null;
        }

        // A guest has at most a few entries under one key: the search for another guest's is short.
        Entry? other = latest.Older;
        while (other is not null && other.Session.Guest == latest.Session.Guest)
        {
            other = other.Older;
        }

        return new Match(latest.Session.Whole, live, other is null);
    }

    private sealed class Entry(LiveIndex<TKey> owner, TKey key, GuestSession session) : Registration
    {
        private Dictionary<TKey, Entry>? _index;
        private Entry? _newer;

        internal GuestSession Session { get; } = session;

        internal Entry? Older { get; private set; }

        internal void Enter(Dictionary<TKey, Entry> index)
        {
            _index = index;
            ref Entry? latest = ref CollectionsMarshal.GetValueRefOrAddDefault(index, key, out _);
            Older = latest;
            if (latest is not null)
            {
                latest._newer = this;
            }

            latest = this;
        }

        internal override bool Retire()
        {
            Remove();
            if (owner._remembers)
            {
                Enter(owner._former);
            }

            return owner._remembers;
        }

        internal override void Remove()
        {
            if (_index is null)
            {
                return;
            }

            if (_newer is not null)
            {
                _newer.Older = Older;
            }
            else if (Older is not null)
            {
                _index[key] = Older;
            }
            else
            {
                _index.Remove(key);
            }

            if (Older is not null)
            {
                Older._newer = _newer;
            }

            Older = _newer = null;
            _index = null;
        }
    }
}

/// <summary>What a <see cref="LiveIndex{TKey}"/> found.</summary>
/// <param name="Session">The latest session.</param>
/// <param name="Live">Whether it has it still.</param>
/// <param name="Only">Whether it is of the only guest that matches.</param>
internal readonly record struct Match(GuestSession Session, bool Live, bool Only);

/// <summary>An entry of a <see cref="LiveIndex{TKey}"/>.</summary>
internal abstract class Registration
{
    /// <summary>The session's next.</summary>
    internal Registration? Next { get; set; }

    /// <summary>The session has ended; gives back whether it counts as having had it.</summary>
    internal abstract bool Retire();

    /// <summary>The session does not have it any more, and does not count as having had it.</summary>
    internal abstract void Remove();
}
