namespace LibvirtAudit.Tests.Logs.Journal;

/// <summary>A script in the place of <c>journalctl</c>.</summary>
internal static class FakeProgram
{
    /// <summary>Writes the script, and gives the folder that holds it as a search path.</summary>
    public static string In(string folder, string script)
    {
        string path = Path.Combine(Directory.CreateDirectory(folder).FullName, "journalctl");

        // By another process: what this one has open for writing the programs that other tests start hold open, too, and a
        // file that is written can't be run ("Text file busy").
        Tool.Run("sh", ["-c", "cat >\"$0\" && chmod 700 \"$0\"", path], System.Text.Encoding.UTF8.GetBytes("#!/bin/sh\n" + script + "\n"));
        return folder;
    }
}
