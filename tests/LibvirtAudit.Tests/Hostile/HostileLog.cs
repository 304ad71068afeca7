using LibvirtAudit.Tests.Support;

namespace LibvirtAudit.Tests.Hostile;

/// <summary>One log with every hostile text in it, wherever somebody can put one.</summary>
internal static class HostileLog
{
    private static readonly string[] Kinds = ["op=start", "vm-ctx", "resrc=disk", "class=path", "resrc=shmem", "op=stop"];

    /// <summary>The log: for every hostile text a guest of that name with such devices, records that were cut, denials, and what only a forger writes.</summary>
    public static byte[] Build()
    {
        var log = new MemoryStream();
        int serial = 0;
        foreach (HostileText hostile in HostileText.All.Where(hostile => Terminal.Danger(hostile.Text) is not null))
        {
            foreach (LibvirtBody body in Kinds.Select(kind => LibvirtBody.All.First(body => body.Template.Contains(kind, StringComparison.Ordinal))))
            {
                // The name in the first and the last record of a guest, the device in those between.
                foreach ((string property, _) in body.Open.Where(field => body.Open.Count == 1 || field.Property != "VMName"))
                {
                    Add(Carrier.Line(body.Type, body.With(property, hostile.Bytes), Stamp()));
                }
            }

            byte[] value = [.. hostile.Bytes.Where(b => b is not ((byte)'\n' or 0))];
            byte[] word = [.. value.Where(b => b != ' ')];
            Add([.. Line("VIRT_CONTROL"), .. "pid=1 uid=0 auid=0 ses=1 msg='virt=kvm op=start vm="u8, .. value]);
            Add([.. Line("AVC"), .. "avc:  denied  { read } for  pid=4711 comm=\""u8, .. word, .. "\" name=\""u8, .. word, .. "\" dev=\"sda\" scontext=system_u:system_r:svirt_t:s0:c1,c2 tcontext=u:r:"u8, .. word, .. " tclass=file permissive=0"u8]);
            Add([.. Line("ANOM_ABEND"), .. "auid=0 uid=0 gid=0 ses=1 subj="u8, .. word, .. " pid=4711 comm=\""u8, .. word, .. "\" exe=\""u8, .. word, .. "\" sig=11 res=1"u8]);
            if (word.Length is > 0 and < 1000)
            {
                Add([.. "node="u8, .. word, .. " "u8, .. Carrier.Line(2500, [.. "virt="u8, .. word, .. " op="u8, .. word, .. " reason="u8, .. word, .. " vm=\"x\" uuid="u8, .. System.Text.Encoding.ASCII.GetBytes(LibvirtBody.Uuid), .. " vm-pid=1"u8], Stamp())]);
                Add(Carrier.Line(2501, [.. "virt=kvm resrc="u8, .. word, .. " reason=attach vm=\"x\" uuid="u8, .. System.Text.Encoding.ASCII.GetBytes(LibvirtBody.Uuid), .. " "u8, .. word, .. "="u8, .. word], Stamp()));
            }
        }

        return log.ToArray();

        string Stamp() => $"1795359{++serial:000000}"[..10] + $".000:{serial}";

        byte[] Line(string type) => System.Text.Encoding.ASCII.GetBytes($"type={type} msg=audit({Stamp()}): ");

        void Add(byte[] line)
        {
            log.Write(line);
            log.Write("\n"u8);
        }
    }
}
