using System.Runtime.Versioning;
using LibvirtAudit.Soak;

[assembly: UnsupportedOSPlatform("windows")]

// What is soaked, how long, and what must hold at the end stands in SoakRun.
if (SoakOptions.Parse(args) is not SoakOptions options)
{
    Console.Error.WriteLine(SoakOptions.Usage);
    return 2;
}

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, e) =>
{
    e.Cancel = true;
    stop.Cancel();
};
return await new SoakRun(options).Run(stop.Token) ? 0 : 1;
