using System.Collections.ObjectModel;
using System.Management.Automation;
using LibvirtAudit.Faults;
using LibvirtAudit.Logs;

namespace LibvirtAudit.Binding;

/// <summary>Finds the files that PowerShell paths name.</summary>
internal sealed class LogPathResolver(SessionState session, Action<Fault> report)
{
    private const string FileSystem = "FileSystem";
    private static readonly string[] Providers = [@"Microsoft.PowerShell.Core\FileSystem::", "FileSystem::"];

    /// <summary>The files that are meant, one at a time, so that the first is read before the last is looked for.</summary>
    /// <param name="patterns">Paths in which wildcards are expanded.</param>
    /// <param name="literals">Paths to the letter.</param>
    public IEnumerable<string> Resolve(string[]? patterns, string[]? literals)
    {
        foreach (string pattern in patterns ?? [])
        {
            if (PathText.IsRecord(pattern))
            {
                report(InputFaults.TextForPath(pattern));
                continue;
            }

            foreach (string path in Expand(pattern))
            {
                yield return path;
            }
        }

        foreach (string literal in literals ?? [])
        {
            if (Literal(literal) is string path)
            {
                yield return path;
            }
        }
    }

    /// <summary>The path in the file system that is meant to the letter; null where it is none.</summary>
    public string? Literal(string path)
    {
        if (OwnPath(path, mustExist: true) is string own)
        {
            return own;
        }

        try
        {
            string resolved = session.Path.GetUnresolvedProviderPathFromPSPath(path, out ProviderInfo provider, out _);
            if (provider.Name == FileSystem)
            {
                return resolved;
            }

            report(LogFaults.PathNotFileSystem(path));
        }
        catch (Exception exception) when (exception is System.Management.Automation.DriveNotFoundException or ProviderNotFoundException)
        {
            report(LogFaults.PathNotFound(path));
        }

        return null;
    }

    // Those of one rotation come oldest first.
    private IReadOnlyList<string> Expand(string path)
    {
        try
        {
            Collection<string> paths = session.Path.GetResolvedProviderPathFromPSPath(path, out ProviderInfo provider);
            if (provider.Name != FileSystem)
            {
                report(LogFaults.PathNotFileSystem(path));
                return [];
            }

            if (paths.Count == 0)
            {
                report(LogFaults.PathNotFound(path));
            }

            return RotationOrder.OldestFirst(paths);
        }
        catch (ItemNotFoundException)
        {
            report(LogFaults.PathNotFound(path));
        }
        catch (Exception exception) when (exception is System.Management.Automation.DriveNotFoundException or ProviderNotFoundException)
        {
            return ExpandNames(path);
        }
        catch (WildcardPatternException exception)
        {
            report(InputFaults.InvalidPattern(path, exception));
        }
        catch (Exception exception) when (exception is ProviderInvocationException or UnauthorizedAccessException)
        {
            report(LogFaults.AccessDenied(path, exception));
        }

        return [];
    }

    // A name with '::', in the pattern or in the folder, is none of another provider's where there is such a file.
    private IReadOnlyList<string> ExpandNames(string pattern)
    {
        try
        {
            IReadOnlyList<string> paths = OwnPath(pattern, mustExist: false) is string own ? PathExpansion.Expand(own) : [];
            if (paths.Count == 0)
            {
                report(LogFaults.PathNotFound(pattern));
            }

            return RotationOrder.OldestFirst(paths);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            report(LogFaults.AccessDenied(pattern, exception));
            return [];
        }
    }

    // PowerShell takes '::' for the end of a provider's name and '\' for '/', which on Linux both may be part of a file's name.
    private string? OwnPath(string path, bool mustExist)
    {
        if (OperatingSystem.IsWindows())
        {
            return null;
        }

        string name = Array.Find(Providers, provider => path.StartsWith(provider, StringComparison.OrdinalIgnoreCase)) is string prefix ? path[prefix.Length..] : path;
        bool isOdd = name.Contains("::", StringComparison.Ordinal) || name.Contains('\\', StringComparison.Ordinal);
        if (name.Contains('\0', StringComparison.Ordinal) || (mustExist && !isOdd))
        {
            return null;
        }

        string full = System.IO.Path.GetFullPath(name, session.Path.CurrentFileSystemLocation.ProviderPath);
        return !mustExist || File.Exists(full) ? full : null;
    }
}
