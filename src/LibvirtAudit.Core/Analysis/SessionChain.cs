namespace LibvirtAudit.Analysis;

/// <summary>Which of its two chains of open sessions is meant: those of a host, or those of a UUID.</summary>
internal enum SessionLinks
{
    OnNode,
    OnUuid,
}

/// <summary>Open sessions, the oldest first, linked through themselves: a log without order makes and ends them by the hundred thousand.</summary>
internal sealed class SessionChain(SessionLinks links)
{
    internal GuestSession? First { get; private set; }

    internal GuestSession? Last { get; private set; }

    internal void Add(GuestSession session)
    {
        ref SessionLink link = ref session.Link(links);
        link = new SessionLink { Older = Last };
        if (Last is null)
        {
            First = session;
        }
        else
        {
            Last.Link(links).Younger = session;
        }

        Last = session;
    }

    internal void Remove(GuestSession session)
    {
        ref SessionLink link = ref session.Link(links);
        if (link.Older is null)
        {
            First = link.Younger;
        }
        else
        {
            link.Older.Link(links).Younger = link.Younger;
        }

        if (link.Younger is null)
        {
            Last = link.Older;
        }
        else
        {
            link.Younger.Link(links).Older = link.Older;
        }

        link = default;
    }
}

/// <summary>A session's place in a <see cref="SessionChain"/>.</summary>
internal struct SessionLink
{
    internal GuestSession? Older;
    internal GuestSession? Younger;
}
