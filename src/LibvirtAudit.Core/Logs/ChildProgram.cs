using System.ComponentModel;
using System.Diagnostics;

namespace LibvirtAudit.Logs;

/// <summary>A program of the system's that gives its answer on its standard output; it never outlives this object.</summary>
internal sealed class ChildProgram : IDisposable
{
    /// <summary>How much of what the program complains about is kept, in characters.</summary>
    private const int KeptMessage = 1000;

    private readonly Process _process;
    private readonly Task<string> _message;

    private ChildProgram(Process process)
    {
        _process = process;
        Output = process.StandardOutput.BaseStream;
        _message = ReadMessage(process.StandardError);
    }

    /// <summary>The program's process id.</summary>
    public int ProcessId => _process.Id;

    /// <summary>The program's name without folder and ending.</summary>
    public string Name => Path.GetFileNameWithoutExtension(_process.StartInfo.FileName);

    /// <summary>What the program writes.</summary>
    public Stream Output { get; }

    /// <summary>What the program reads; only where it was started with an input.</summary>
    public Stream Input => _process.StandardInput.BaseStream;

    /// <summary>What the program says beside its output, the first of it; to be asked when it has ended.</summary>
    public string Message => _message.Result;

    /// <summary>Starts a program; its messages are in English.</summary>
    /// <param name="start">The program by its absolute path, its arguments and its environment.</param>
    /// <param name="hasInput">Whether it gets an input from here; else its input is empty.</param>
    /// <exception cref="Win32Exception">The system does not start it.</exception>
    public static ChildProgram Start(ProcessStartInfo start, bool hasInput)
    {
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        start.CreateNoWindow = true;
        start.Environment["LC_ALL"] = "C";
        var program = new ChildProgram(Process.Start(start)!);
        if (!hasInput)
        {
            program.Input.Dispose();
        }

        return program;
    }

    /// <summary>Waits until the program has ended; its exit code, above 128 where a signal ended it.</summary>
    public int WaitForExit()
    {
        _process.WaitForExit();
        return _process.ExitCode;
    }

    /// <summary>Ends the program at once.</summary>
    public void Kill()
    {
        try
        {
            _process.Kill();
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception)
        {
            // It has ended by itself.
        }
    }

    /// <summary>Ends the program and frees what it held.</summary>
    public void Dispose()
    {
        Kill();
        _process.WaitForExit();
        Output.Dispose();
        _message.Wait(CancellationToken.None);

        // The process leaves to its user what its user has asked for.
        _process.StandardError.Dispose();
        _process.Dispose();
    }

    private static async Task<string> ReadMessage(StreamReader errors)
    {
        var kept = new char[KeptMessage];
        int count = await errors.ReadBlockAsync(kept).ConfigureAwait(false);
        var rest = new char[KeptMessage];
        while (await errors.ReadAsync(rest).ConfigureAwait(false) > 0)
        {
            // A program that can't write its messages would stand still.
        }

        return new string(kept, 0, count);
    }
}
