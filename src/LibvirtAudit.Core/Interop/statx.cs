using System.Runtime.InteropServices;

namespace LibvirtAudit.Interop;

/// <summary>What is known of a file (<c>linux/stat.h</c>). Unlike <c>struct stat</c> it is the same on every processor.</summary>
[StructLayout(LayoutKind.Sequential, Size = 256)]
internal struct statx
{
    public uint stx_mask;
    public uint stx_blksize;
    public ulong stx_attributes;
    public uint stx_nlink;
    public uint stx_uid;
    public uint stx_gid;
    public ushort stx_mode;
    public ushort spare0;
    public ulong stx_ino;
    public ulong stx_size;
    public ulong stx_blocks;
    public ulong stx_attributes_mask;
    public statx_timestamp stx_atime;
    public statx_timestamp stx_btime;
    public statx_timestamp stx_ctime;
    public statx_timestamp stx_mtime;
    public uint stx_rdev_major;
    public uint stx_rdev_minor;
    public uint stx_dev_major;
    public uint stx_dev_minor;

    private const int TypeMask = 0xF000;

    public readonly bool IsLink => (stx_mode & TypeMask) == 0xA000;

    public readonly bool IsRegular => (stx_mode & TypeMask) == 0x8000;

    public readonly bool IsFolder => (stx_mode & TypeMask) == 0x4000;

    public readonly bool IsDevice => (stx_mode & TypeMask) is 0x2000 or 0x6000;

    public readonly bool IsCharacterDevice => (stx_mode & TypeMask) == 0x2000;

    public readonly bool IsWorldWritable => (stx_mode & 0x2) != 0;

    /// <summary>Whether both are the same file.</summary>
    public readonly bool IsSameFile(in statx other) =>
        stx_ino == other.stx_ino && stx_dev_major == other.stx_dev_major && stx_dev_minor == other.stx_dev_minor;
}
