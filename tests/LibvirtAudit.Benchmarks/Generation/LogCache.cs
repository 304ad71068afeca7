using System.Text.Json;

namespace LibvirtAudit.Benchmarks.Generation;

/// <summary>A generated log on the disk.</summary>
/// <param name="Path">The file.</param>
/// <param name="Facts">What is in it.</param>
public sealed record GeneratedLog(string Path, LogFacts Facts);

/// <summary>Generated logs in a folder: each is made once.</summary>
/// <param name="folder">The folder.</param>
/// <param name="capture">Where the events between libvirt's come from.</param>
public sealed class LogCache(string folder, string capture)
{
    /// <summary>The log that <paramref name="recipe"/> states.</summary>
    public GeneratedLog Get(LogRecipe recipe)
    {
        string path = Path.Combine(folder, recipe.FileName), facts = path + ".json", part = path + ".part";
        if (File.Exists(path) && File.Exists(facts))
        {
            return new GeneratedLog(path, JsonSerializer.Deserialize<LogFacts>(File.ReadAllText(facts))!);
        }

        Console.Error.WriteLine($"making {path}");
        Directory.CreateDirectory(folder);
        LogFacts written = LogGenerator.Write(recipe, capture, new FileStream(part, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 20));
        File.WriteAllText(facts, JsonSerializer.Serialize(written));
        File.Move(part, path, overwrite: true);
        return new GeneratedLog(path, written);
    }
}
