namespace LibvirtAudit.Tests.Logs.Journal;

/// <summary>A script in the place of <c>journalctl</c>.</summary>
internal static class FakeProgram
{
    /// <summary>Writes the script, and gives the folder that holds it as a search path.</summary>
    public static string In(string folder, string script)
    {
        Directory.CreateDirectory(folder);
        string path = Path.Combine(folder, "journalctl");
        File.WriteAllText(path, "#!/bin/sh\n" + script + "\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return folder;
    }
}
