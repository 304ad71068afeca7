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

    /// <summary>The guest of an AppArmor profile: libvirt calls it <c>libvirt-UUID</c>. Null where the profile is no guest's.</summary>
    internal static Guid? UuidOfProfile(string? profile) =>
        profile is not null && profile.StartsWith("libvirt-", StringComparison.Ordinal) && Guid.TryParseExact(profile.AsSpan(8), "D", out Guid uuid) ? uuid : null;
}
