using System.Globalization;

namespace LibvirtAudit.Tests.Failures;

/// <summary>Which call fails, and how.</summary>
/// <param name="Call">The call's name in the C library.</param>
/// <param name="Nth">The how manieth, from 1 on.</param>
/// <param name="Error">The error number, or <see cref="FaultShim.Short"/>.</param>
/// <param name="AllBehind">Whether all calls behind it fail as well.</param>
internal sealed record Injection(string Call, int Nth, int Error, bool AllBehind)
{
    public const int EPERM = 1;
    public const int EINTR = 4;
    public const int EIO = 5;
    public const int EAGAIN = 11;
    public const int ENOMEM = 12;
    public const int EACCES = 13;
    public const int ENFILE = 23;
    public const int EMFILE = 24;
    public const int ENOSPC = 28;
    public const int ENOLCK = 37;
    public const int EPROTONOSUPPORT = 93;
    public const int EADDRINUSE = 98;
    public const int ENOBUFS = 105;
    public const int ECONNREFUSED = 111;
    public const int EDQUOT = 122;

    /// <summary>What each call is made to end with: what its manual page knows, as far as it is told apart anywhere.</summary>
    public static IReadOnlyDictionary<string, int[]> Errors { get; } = new Dictionary<string, int[]>
    {
        ["openat"] = [EINTR, EIO, EACCES, EMFILE, ENOMEM],
        ["open64"] = [EIO, EACCES, EMFILE],
        ["opendir"] = [EIO, EACCES, EMFILE],
        ["readdir64"] = [EIO],
        ["statx"] = [EIO, EACCES, ENOMEM],
        ["fstat"] = [EIO, EACCES],
        ["readlinkat"] = [EIO, EACCES],
        ["readlink"] = [EIO, EACCES],
        ["read"] = [EINTR, EIO, FaultShim.Short],
        ["pread64"] = [EINTR, EIO, FaultShim.Short],
        ["write"] = [EINTR, EIO, ENOSPC, EDQUOT, FaultShim.Short],
        ["pwrite64"] = [EINTR, EIO, ENOSPC, EDQUOT, FaultShim.Short],
        ["fsync"] = [EINTR, EIO, ENOSPC],
        ["ftruncate"] = [EINTR, EIO],
        ["flock"] = [EINTR, ENOLCK, EAGAIN],
        ["renameat"] = [EIO, EACCES, ENOSPC],
        ["unlinkat"] = [EIO, EACCES],
        ["inotify_init1"] = [EMFILE, ENFILE, ENOMEM],
        ["inotify_add_watch"] = [ENOSPC, ENOMEM, EACCES],
        ["poll"] = [EINTR, ENOMEM],
        ["socket"] = [EMFILE, ENOBUFS, EACCES, EPROTONOSUPPORT],
        ["bind"] = [EPERM, EADDRINUSE, ENOMEM],
        ["connect"] = [EACCES, ECONNREFUSED, EAGAIN],
        ["setsockopt"] = [EPERM, ENOMEM],
        ["sendto"] = [EINTR, EPERM, ENOBUFS, ECONNREFUSED, EAGAIN, FaultShim.Short],
        ["send"] = [EAGAIN, ENOBUFS, ECONNREFUSED],
        ["recvfrom"] = [EINTR, EAGAIN, ENOBUFS, ENOMEM, ECONNREFUSED, FaultShim.Short],
    };

    /// <summary>Whether the caller must not come to know of it: an interruption is tried again, what was done in part is gone on with.</summary>
    public bool IsHarmless => Error is EINTR or FaultShim.Short;

    /// <summary>Whether it says that this user may not.</summary>
    public bool IsDenial => Error is EACCES or EPERM;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Call} {Nth}{(AllBehind ? "+" : "")} {(Error == FaultShim.Short ? "short" : $"errno {Error}")}");
}
