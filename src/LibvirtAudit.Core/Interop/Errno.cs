namespace LibvirtAudit.Interop;

/// <summary>The error numbers of Linux that the module tells apart (<c>asm-generic/errno.h</c>); any other number is a value of the type, too.</summary>
internal enum Errno
{
    None = 0,
    EPERM = 1,
    ENOENT = 2,
    EINTR = 4,
    ENXIO = 6,
    EAGAIN = 11,
    ENOMEM = 12,
    EACCES = 13,
    EEXIST = 17,
    ENOTDIR = 20,
    EISDIR = 21,
    EINVAL = 22,
    ENOSPC = 28,
    EROFS = 30,
    ELOOP = 40,
    EPROTONOSUPPORT = 93,
    EAFNOSUPPORT = 97,
    ENOBUFS = 105,
    ECONNREFUSED = 111,
}
