using System.Management.Automation;
using LibvirtAudit.Tests.Hosting;

namespace LibvirtAudit.Tests;

/// <summary>The harness itself: what later tests lean on.</summary>
public sealed class ModuleHostTests : IDisposable
{
    private readonly ModuleHost _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public void Every_stream_is_kept_apart()
    {
        ScriptResult result = _host.Invoke("""
            function Test-Stream {
                [CmdletBinding()] param()
                $PSCmdlet.WriteObject(1)
                $PSCmdlet.WriteWarning('careful')
                $PSCmdlet.WriteVerbose('at length')
                $PSCmdlet.WriteInformation('told', @('tag'))
                $PSCmdlet.WriteProgress([System.Management.Automation.ProgressRecord]::new(1, 'reading', 'half'))
                $PSCmdlet.WriteError([System.Management.Automation.ErrorRecord]::new([System.IO.IOException]::new('bad'), 'TheId', 'ReadError', 'it'))
            }
            Test-Stream -Verbose
            """);

        Assert.Equal([1], result.OutputOf<int>());
        Assert.Equal(["careful"], result.Warnings);
        Assert.Equal(["at length"], result.Verbose);
        Assert.Equal("told", Assert.Single(result.Information).MessageData);
        Assert.Equal("half", Assert.Single(result.Progress).StatusDescription);
        Assert.Equal(["TheId"], result.ErrorIds);
        Assert.Null(result.TerminatingError);
    }

    [Fact]
    public void A_terminating_error_is_told_from_the_others()
    {
        ScriptResult result = _host.Invoke("1; throw 'enough'; 2");

        Assert.Equal([1], result.OutputOf<int>());
        Assert.Empty(result.Errors);
        Assert.Equal("enough", result.TerminatingError?.Exception.Message);
    }

    [Fact]
    public void Input_comes_through_the_pipeline() =>
        Assert.Equal([2, 4], _host.Invoke("$input | ForEach-Object { $_ * 2 }", 1, 2).ThrowOnError().OutputOf<int>());

    [Fact]
    public void Rendering_follows_the_width()
    {
        const string Script = "[pscustomobject]@{ Name = 'n' * 30; Text = 't' * 60 }";

        Assert.Contains(new string('t', 60), _host.Render(Script, width: 100), StringComparison.Ordinal);
        Assert.DoesNotContain(new string('t', 60), _host.Render(Script, width: 60), StringComparison.Ordinal);
    }

    [Fact]
    public void Rendering_shows_errors_as_a_prompt_does()
    {
        string text = _host.Render("'before'; Get-Command -Name NoSuchCommand; throw 'enough'");

        Assert.StartsWith("before\nGet-Command: ", text, StringComparison.Ordinal);
        Assert.Contains("NoSuchCommand", text, StringComparison.Ordinal);
        Assert.Contains("Exception: enough", text, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', text);
        Assert.Contains('\e', _host.Render("throw 'enough'", escapes: true));
    }

    [Fact]
    public void Completion_offers_parameters() =>
        Assert.Equal(["-ListAvailable"], _host.Complete("Get-Module -List").Select(match => match.CompletionText));

    [Fact]
    public void A_round_trip_gives_the_deserialized_form()
    {
        PSObject back = ModuleHost.RoundTrip(new FileInfo("/nowhere"));

        Assert.Equal("Deserialized.System.IO.FileInfo", back.TypeNames[0]);
        Assert.Equal("nowhere", back.Properties["Name"].Value);
    }

    [Fact]
    public void A_script_that_never_ends_is_stopped()
    {
        Assert.True(_host.InvokeAndStop("while ($true) { [System.Threading.Thread]::Sleep(5) }", TimeSpan.FromMilliseconds(50)).Stopped);

        ScriptResult counted = _host.InvokeAndStop("while ($true) { 'x' }", count: 3);
        Assert.True(counted.Stopped);
        Assert.True(counted.Output.Count >= 3);
    }

    [Fact]
    public void The_location_is_the_sessions_own()
    {
        using var other = new ModuleHost { Location = Path.GetTempPath() };

        Assert.Equal([Repository.Root], _host.Invoke("$PWD.Path").OutputOf<string>());
        Assert.Equal([other.Location], other.Invoke("$PWD.Path").OutputOf<string>());
    }

    [Fact]
    public void The_module_is_loaded_once_and_from_the_repository()
    {
        Assert.Equal(Repository.PathOf("bin/LibvirtAudit.dll"), ModuleAssemblies.Module.Location);
    }
}
