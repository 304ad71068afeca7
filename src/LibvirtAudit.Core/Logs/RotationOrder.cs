using System.Globalization;

namespace LibvirtAudit.Logs;

/// <summary>Files that are one log.</summary>
/// <param name="Path">The path of the log while it is written.</param>
/// <param name="Files">The files of it, the oldest first.</param>
public sealed record Trail(string Path, IReadOnlyList<string> Files);

/// <summary>The order in which files that were named together are read.</summary>
public static class RotationOrder
{
    /// <summary>How many missing logs in a row are named: a name may hold any number.</summary>
    private const int MostGaps = 32;


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

    /// <summary>The logs that are missing among numbered ones of one rotation, by the names that they would have: <c>audit.log.3</c> where there are 2 and 4.</summary>
    public static IReadOnlyList<string> Gaps(IEnumerable<string> paths) =>
    [
        .. from path in paths
           let place = PlaceOf(path)
           where place.Age.Number >= 0
           group place.Age.Number by place.Rotation into rotation
           let present = rotation.Distinct().Order().ToArray()
           from pair in present.Zip(present.Skip(1))
           from number in Enumerable.Range(pair.First + 1, Math.Min(pair.Second - pair.First - 1, MostGaps))
           select string.Create(CultureInfo.InvariantCulture, $"{rotation.Key}.{number}"),
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
