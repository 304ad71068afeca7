using System.Text.RegularExpressions;

namespace LibvirtAudit.Tests.Kernel;

/// <summary>Cuts lines of audit.log by hand, so that the tests do not trust the module's own parser.</summary>
internal static partial class AuditText
{
    /// <summary>The body: what stands before the trailer, which begins with the last <c> exe=</c>.</summary>
    public static string Body(string line)
    {
        int start = line.IndexOf("msg='", StringComparison.Ordinal) + 5;
        return line[start..line.LastIndexOf(" exe=", StringComparison.Ordinal)];
    }

    /// <summary>The result of the trailer.</summary>
    public static string Result(string line)
    {
        int start = line.LastIndexOf(" res=", StringComparison.Ordinal) + 5;
        return line[start..line.IndexOf('\'', start)];
    }

    /// <summary>The line without its stamp and serial.</summary>
    public static string Timeless(string line) => Stamp().Replace(line, "audit()", 1);

    /// <summary>The virtualization records of a capture, of one type or of all.</summary>
    public static string[] Captured(string file, string type = "VIRT_") =>
        [.. File.ReadLines(Hosting.Repository.Data(file)).Where(line => line.StartsWith("type=" + type, StringComparison.Ordinal))];

    [GeneratedRegex(@"audit\(\d+\.\d{3}:\d+\)")]
    private static partial Regex Stamp();
}
