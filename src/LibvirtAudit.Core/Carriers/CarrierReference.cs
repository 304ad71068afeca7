using System.Text;

namespace LibvirtAudit.Carriers;

/// <summary>The reference of the forms of log, docs/carriers.md, made of the carrier table.</summary>
public static class CarrierReference
{
    /// <summary>The page as Markdown. <c>build.ps1 -Task Help</c> writes it again.</summary>
    public static string ToMarkdown()
    {
        var page = new StringBuilder();
        page.Append("""
            # Carriers

            Made from the carrier table (`src/LibvirtAudit.Core/Carriers/CarrierTable.cs`). Every form of log that is read, and what it can tell: the same
            events give the same records, sessions, assignments, incidents and findings in each, but for what a form does not hold.

            - *Stamp*: where a record's time is from. Without a stamp a record has no `Timestamp`, lies in no `-StartTime` and `-EndTime`, and sessions have no times.
            - *Serial*: whether the event's number is there. Without it a record has no `EventId`, `Evidence` names `FILE#OFFSET`, and what is missing,
              repeated or out of place among events can't be told.
            - *Host*: where `Node` is from.
            - *Other events*: whether boots, denials, anomalies and the like are there too, which end sessions and make incidents and findings.
            - *Writer*: who may write records there. Whatever else is in the log is nobody's record; lines that look like one are told as `UnreadLines`.

            Records stand in the order of the file in every form.

            | form | a line | stamp | serial | host | other events | writer |
            |---|---|---|---|---|---|---|

            """);
        foreach (CarrierForm form in Forms)
        {
            page.Append("| ").AppendJoin(" | ", form.Name, $"`{form.Example}`", form.Stamp, form.Serial ? "yes" : "no", form.Host, form.Events ? "yes" : "no", form.Writer).Append(" |\n");
        }

        page.Append("\n## Remarks\n\n");
        foreach (CarrierForm form in Forms.Where(form => form.Remark is not null))
        {
            page.Append("- *").Append(form.Name).Append("*: ").Append(form.Remark).Append('\n');
        }

        page.Append("""

            ## Each event once

            Where no auditd runs the journal has two lines of each event, `audit[PID]: NAME …` and `kernel: audit: type=N audit(STAMP): …`. The first of them is given at
            once, also when a log is followed, and the second is dropped where it is of the same host and type, has the same text, was written within five
            seconds, and is not told apart by stamp and serial. Each line is the second of one other at most, and of the last 256 lines only: two real events that
            say the same have two lines of each kind, and both are kept.

            Where a form holds serials, a log that is given twice counts once. Without serials a record can't be told from its equal a moment later, and is always
            counted.

            ## Boots

            `-- Boot ID --` and `-- Reboot --` of journalctl, and a change of the journal's `_BOOT_ID`, are boots of the host whose lines follow. `-o cat` shows no
            writer, so nothing in it is a record.

            """);
        return page.ToString();
    }

    private static IEnumerable<CarrierForm> Forms => CarrierTable.All.SelectMany(carrier => carrier.Forms);
}
