namespace LibvirtAudit.Analysis;

/// <summary>What security labels tell of a guest.</summary>
internal static class SecurityContext
{
    /// <summary>
    /// The level of an SELinux label, what stands behind its third colon, where it has categories: libvirt gives each guest a
    /// pair of its own (<c>s0:c199,c344</c>). Null without categories, which tell no guest from another.
    /// </summary>
    internal static string? LevelOf(string? context)
    {
        int at = -1;
        for (int colons = 0; colons < 3; colons++)
        {
            at = context?.IndexOf(':', at + 1) ?? -1;
            if (at < 0)
            {
                return null;
            }
        }

        string level = context![(at + 1)..];
        return level.Contains(':', StringComparison.Ordinal) ? level : null;
    }

    /// <summary>The guest of an AppArmor profile: libvirt calls it <c>libvirt-UUID</c>, and those of its helpers <c>libvirt-UUID//NAME</c>. Null where the profile is no guest's.</summary>
    internal static Guid? UuidOfProfile(string? profile)
    {
        if (profile is null || !profile.StartsWith("libvirt-", StringComparison.Ordinal))
        {
            return null;
        }

        ReadOnlySpan<char> name = profile.AsSpan("libvirt-".Length);
        int child = name.IndexOf("//", StringComparison.Ordinal);
        return Guid.TryParseExact(child < 0 ? name : name[..child], "D", out Guid uuid) ? uuid : null;
    }

    /// <summary>The guest whose emulated TPM keeps a file: libvirt gives it the folder <c>swtpm/UUID</c>. Null for other paths.</summary>
    internal static Guid? UuidOfTpm(string? path)
    {
        const string Folder = "/swtpm/";
        const int UuidLength = 36;
        int at = path?.IndexOf(Folder, StringComparison.Ordinal) ?? -1;
        return at >= 0 && path!.Length >= at + Folder.Length + UuidLength && Guid.TryParseExact(path.AsSpan(at + Folder.Length, UuidLength), "D", out Guid uuid) ? uuid : null;
    }

    /// <summary>
    /// The guest's name in QEMU's command line: <c>-name guest=NAME,…</c>, where a comma of the name stands twice. Null where
    /// there is none, and where the kernel, which keeps 128 bytes of it, may have cut it.
    /// </summary>
    internal static string? GuestOfCommandLine(string? line)
    {
        const string Option = "-name\0guest=";
        const int Kept = 127;
        int start = line?.IndexOf(Option, StringComparison.Ordinal) ?? -1;
        if (start < 0)
        {
            return null;
        }

        int first = start + Option.Length;
        int end = first;
        for (; end < line!.Length && line[end] != '\0'; end++)
        {
            if (line[end] == ',')
            {
                if (end + 1 == line.Length || line[end + 1] != ',')
                {
                    break;
                }

                end++;
            }
        }

        return end == first || (end == line.Length && end >= Kept) ? null : line[first..end].Replace(",,", ",", StringComparison.Ordinal);
    }
}
