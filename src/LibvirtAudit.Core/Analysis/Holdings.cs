namespace LibvirtAudit.Analysis;

/// <summary>
/// What a session has, in the order in which it was given, and by key; every step is independent of how much it has. Linked
/// through the holdings themselves: sessions come and go by the hundred thousand.
/// </summary>
internal sealed class Holdings
{
    private const int FirstBuckets = 8;
    private Holding?[] _buckets = new Holding?[FirstBuckets];
    private int _count;
    private Chain _grants;
    private Chain _others;

    internal void Add(Holding holding)
    {
        holding.Place = new HoldingPlace { Hash = holding.Key.GetHashCode() };
        ChainOf(holding).Add(holding);
        Enter(holding);
        if (++_count > _buckets.Length)
        {
            Grow();
        }
    }

    /// <summary>Takes out the oldest of a key; null where there is none.</summary>
    internal Holding? Take(in HoldingKey key) => Take(key, key.GetHashCode());

    /// <summary>Takes out the oldest cgroup grant; null where there is none.</summary>
    internal Holding? TakeGrant() => _grants.First is Holding grant ? Take(grant.Key, grant.Place.Hash) : null;

    /// <summary>Takes out the oldest of all, grants last; null where nothing is left.</summary>
    internal Holding? TakeAny() => _others.First is Holding other ? Take(other.Key, other.Place.Hash) : TakeGrant();

    private Holding? Take(in HoldingKey key, int hash)
    {
        ref Holding? link = ref Find(key, hash);
        if (link is not Holding oldest)
        {
            return null;
        }

        if (oldest.Place.Younger is Holding next)
        {
            next.Place.Next = oldest.Place.Next;
            next.Place.Youngest = oldest.Place.Youngest;
            link = next;
        }
        else
        {
            link = oldest.Place.Next;
        }

        ChainOf(oldest).Remove(oldest);
        _count--;
        return oldest;
    }

    private ref Chain ChainOf(Holding holding) => ref holding.Key.Type == "cgroup" ? ref _grants : ref _others;

    /// <summary>The link to the oldest of a key, or the end of its bucket.</summary>
    private ref Holding? Find(in HoldingKey key, int hash)
    {
        ref Holding? link = ref _buckets[hash & (_buckets.Length - 1)];
        while (link is not null && (link.Place.Hash != hash || link.Key != key))
        {
            link = ref link.Place.Next;
        }

        return ref link;
    }

    private void Enter(Holding holding)
    {
        ref Holding? link = ref Find(holding.Key, holding.Place.Hash);
        if (link is Holding oldest)
        {
            oldest.Place.Youngest!.Place.Younger = holding;
            oldest.Place.Youngest = holding;
        }
        else
        {
            link = holding;
            holding.Place.Youngest = holding;
        }
    }

    private void Grow()
    {
        _buckets = new Holding?[_buckets.Length * 2];
        foreach (Chain chain in (ReadOnlySpan<Chain>)[_others, _grants])
        {
            for (Holding? holding = chain.First; holding is not null; holding = holding.Place.Later)
            {
                holding.Place.Next = holding.Place.Younger = holding.Place.Youngest = null;
                Enter(holding);
            }
        }
    }

    private struct Chain
    {
        private Holding? _last;

        internal Holding? First { get; private set; }

        internal void Add(Holding holding)
        {
            holding.Place.Earlier = _last;
            if (_last is null)
            {
                First = holding;
            }
            else
            {
                _last.Place.Later = holding;
            }

            _last = holding;
        }

        internal void Remove(Holding holding)
        {
            if (holding.Place.Earlier is Holding earlier)
            {
                earlier.Place.Later = holding.Place.Later;
            }
            else
            {
                First = holding.Place.Later;
            }

            if (holding.Place.Later is Holding later)
            {
                later.Place.Earlier = holding.Place.Earlier;
            }
            else
            {
                _last = holding.Place.Earlier;
            }
        }
    }
}
