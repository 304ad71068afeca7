namespace LibvirtAudit.Logs;

/// <summary>The order in which files that were named together are read.</summary>
public static class RotationOrder
{
    /// <summary>
    /// The paths with the files of one rotation together, the oldest first, since that is the order of their records; the
    /// rotations themselves in the order in which they come. A wildcard gives them by name, the newest first.
    /// </summary>
    public static IReadOnlyList<string> OldestFirst(IEnumerable<string> paths) =>
    [
        .. paths.Select(path => (Path: path, Place: PlaceOf(path)))
            .GroupBy(file => file.Place.Rotation)
            .SelectMany(rotation => rotation.OrderBy(file => file.Place.Age))
            .Select(file => file.Path),
    ];

    private static (string Rotation, LogAge Age) PlaceOf(string path)
    {
        string folder = Path.GetDirectoryName(path) ?? "";
        string name = Path.GetFileName(path);
        for (int i = name.IndexOfAny(['.', '-']); i > 0; i = name.IndexOfAny(['.', '-'], i + 1))
        {
            if (RotatedName.Parse(name[..i], name) is RotatedName rotated)
            {
                return (Path.Combine(folder, name[..i]), rotated.Log);
            }
        }

        return (path, LogAge.Current);
    }
}
