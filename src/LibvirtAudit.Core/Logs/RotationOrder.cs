namespace LibvirtAudit.Logs;

/// <summary>Files that are one log.</summary>
/// <param name="Path">The path of the log while it is written.</param>
/// <param name="Files">The files of it, the oldest first.</param>
public sealed record Trail(string Path, IReadOnlyList<string> Files);

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

    /// <summary>
    /// The paths in the same order, but those of one rotation together under the path of the log that is being written, if
    /// that is among them; each of the others by itself.
    /// </summary>
    public static IReadOnlyList<Trail> Trails(IEnumerable<string> paths) =>
    [
        .. from path in paths.Distinct()
           group path by PlaceOf(path).Rotation into rotation
           let files = OldestFirst(rotation)
           from trail in files.Contains(rotation.Key) ? [new Trail(rotation.Key, files)] : files.Select(file => new Trail(file, [file]))
           select trail,
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
