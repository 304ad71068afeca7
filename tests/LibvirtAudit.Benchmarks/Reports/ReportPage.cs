namespace LibvirtAudit.Benchmarks.Reports;

/// <summary>A page in Markdown with places that a run fills in: what stands between <c>&lt;!-- bench:NAME --&gt;</c> and <c>&lt;!-- /bench --&gt;</c>.</summary>
internal sealed class ReportPage
{
    private const string EndMark = "<!-- /bench -->";
    private readonly string _path;
    private string _text;

    /// <summary>Takes the page at <paramref name="path"/>; where there is none, that at <paramref name="template"/>.</summary>
    public ReportPage(string path, string template)
    {
        _path = path;
        _text = File.ReadAllText(File.Exists(path) ? path : template);
    }

    /// <summary>Fills a place and writes the page.</summary>
    /// <exception cref="InvalidOperationException">The page has no such place.</exception>
    public void Fill(string name, string text)
    {
        string mark = $"<!-- bench:{name} -->";
        int start = _text.IndexOf(mark, StringComparison.Ordinal) + mark.Length;
        int end = start < mark.Length ? -1 : _text.IndexOf(EndMark, start, StringComparison.Ordinal);
        if (end < 0)
        {
            throw new InvalidOperationException($"{_path} has no '{mark}' with a '{EndMark}' behind it.");
        }

        _text = $"{_text[..start]}\n{text}\n{_text[end..]}";
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(_path))!);
        File.WriteAllText(_path, _text);
    }
}
