using System.Collections.ObjectModel;
using System.Management.Automation;
using LibvirtAudit.Faults;
using LibvirtAudit.Logs;

namespace LibvirtAudit.Binding;

/// <summary>Finds the files that PowerShell paths name.</summary>
internal sealed class LogPathResolver(SessionState session, Action<Fault> report)
{
    private const string FileSystem = "FileSystem";

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
        catch (Exception exception) when (exception is ItemNotFoundException or System.Management.Automation.DriveNotFoundException or ProviderNotFoundException)
        {
            report(LogFaults.PathNotFound(path));
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
}
