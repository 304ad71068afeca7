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

    /// <summary>
    /// Takes out one of a key, which is as good as another: the oldest. Where there were several nobody knows which it was, so
    /// that all of them are in doubt. Null where there is none.
    /// </summary>
    internal Holding? TakeOne(in HoldingKey key)
    {
        int hash = key.GetHashCode();
        if (Find(key, hash) is { Place.Younger: not null } oldest)
        {
            oldest.Place.Doubtful = oldest.Place.Youngest;
        }

        return Take(key, hash);
    }

    /// <summary>Puts all of a key in doubt; false where there is none.</summary>
    internal bool Doubt(in HoldingKey key)
    {
        Holding? oldest = Find(key, key.GetHashCode());
        if (oldest is not null)
        {
            oldest.Place.Doubtful = oldest.Place.Youngest;
        }

        return oldest is not null;
    }

    /// <summary>Puts all cgroup grants in doubt; those that are already are the oldest.</summary>
    internal void DoubtGrants()
    {
        for (Holding? grant = _grants.Last; grant is { Place.IsDoubtfulGrant: false }; grant = grant.Place.Earlier)
        {
            grant.Place.IsDoubtfulGrant = true;
            grant.IsConfirmed = false;
        }
    }

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

        if (oldest.Place.Doubtful is Holding doubtful)
        {
            oldest.IsConfirmed = false;
            if (doubtful != oldest)
            {
                oldest.Place.Younger!.Place.Doubtful = doubtful;
            }
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
        internal Holding? First { get; private set; }

        internal Holding? Last { get; private set; }

        internal void Add(Holding holding)
        {
            holding.Place.Earlier = Last;
            if (Last is null)
            {
                First = holding;
            }
            else
            {
                Last.Place.Later = holding;
            }

            Last = holding;
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
                Last = holding.Place.Earlier;
            }
        }
    }
}
