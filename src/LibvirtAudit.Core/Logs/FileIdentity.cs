using LibvirtAudit.Interop;

namespace LibvirtAudit.Logs;

/// <summary>
/// Which file it is, whatever it is called: rotation renames logs, and this stays. A number may come back once its file is
/// gone. Only Linux tells it to this module; elsewhere there is none, and files are told apart by their paths.
/// </summary>
/// <param name="Device">The file system: major number in the upper half, minor in the lower.</param>
/// <param name="Inode">The number of the file in it.</param>
public readonly record struct FileIdentity(ulong Device, ulong Inode)
{
    internal static FileIdentity Of(in statx status) => new(((ulong)status.stx_dev_major << 32) | status.stx_dev_minor, status.stx_ino);
}
