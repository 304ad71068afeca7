using System.Globalization;
using LibvirtAudit.Audit;
using LibvirtAudit.Records;

namespace LibvirtAudit.Analysis;

/// <summary>How the analysis names events: <c>SEC.MMM:SERIAL</c>, <c>node=NAME </c> before it where one is known, since serials of two hosts may be the same.</summary>
internal static class EventName
{
    internal static string? Of(VirtAuditRecord record) => Of(record.Node, record.EventId);

    /// <summary>The name of an event; <c>FILE#OFFSET</c> where its carrier gives events no names.</summary>
    internal static string Of(AuditEvent record) =>
        Of(record.Node, record.EventId) ?? string.Create(CultureInfo.InvariantCulture, $"{record.Source}#{record.Offset}");

    internal static string Of(string? node, long unixMilliseconds, ulong serial) => Of(node, EventStamp.Write(unixMilliseconds, serial))!;

    internal static string? Of(string? node, string? eventId) => node is null || eventId is null ? eventId : "node=" + node + " " + eventId;
}
