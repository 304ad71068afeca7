namespace LibvirtAudit.Analysis;

/// <summary>
/// Something that sessions have (a process, a label, a path), and which have it; after their end, where asked for, which had
/// it last. Each step costs the same however many sessions there are.
/// </summary>
internal sealed class LiveIndex<TKey>(bool remembers = false)
    where TKey : notnull
{
    private readonly bool _remembers = remembers;
    private readonly Dictionary<TKey, LinkedList<GuestSession>> _live = [];
    private readonly Dictionary<TKey, LinkedList<GuestSession>> _former = [];

    internal Registration Add(TKey key, GuestSession session) => new Entry(this, key, session);

    /// <summary>The latest session that has it; else the latest that had it. Null where no session is known to have had it.</summary>
    internal Match? Find(TKey key) => Find(_live, key, true) ?? Find(_former, key, false);

    private static Match? Find(Dictionary<TKey, LinkedList<GuestSession>> index, TKey key, bool live) =>
        index.TryGetValue(key, out LinkedList<GuestSession>? sessions)
            ? new Match(sessions.Last!.Value.Whole, live, sessions.First!.Value.Guest == sessions.Last.Value.Guest)
            : null;

    private sealed class Entry : Registration
    {
        private readonly LiveIndex<TKey> _owner;
        private readonly TKey _key;
        private Dictionary<TKey, LinkedList<GuestSession>> _index;
        private LinkedListNode<GuestSession>? _place;

        internal Entry(LiveIndex<TKey> owner, TKey key, GuestSession session)
        {
            _owner = owner;
            _key = key;
            _index = owner._live;
            _place = Enter(session);
        }

        internal override void Retire()
        {
            if (_place?.Value is GuestSession session)
            {
                Remove();
                _index = _owner._former;
                _place = _owner._remembers ? Enter(session) : null;
            }
        }

        internal override void Remove()
        {
            if (_place is { List: LinkedList<GuestSession> list })
            {
                list.Remove(_place);
                if (list.Count == 0)
                {
                    _index.Remove(_key);
                }
            }

            _place = null;
        }

        private LinkedListNode<GuestSession> Enter(GuestSession session)
        {
            if (!_index.TryGetValue(_key, out LinkedList<GuestSession>? list))
            {
                _index.Add(_key, list = []);
            }

            return list.AddLast(session);
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
    /// <summary>The session has ended.</summary>
    internal abstract void Retire();

    /// <summary>The session does not have it any more, and does not count as having had it.</summary>
    internal abstract void Remove();
}
