using System.Globalization;
using LibvirtAudit.Analysis;

namespace LibvirtAudit.Tests.Analysis.Model;

/// <summary>The analysis beside the model, over 5,000 random lives.</summary>
public sealed class ModelTests(ITestOutputHelper output)
{
    private const int Lives = 2500;
    private const int MostExamples = 12;

    /// <summary>With failures, migrations, reboots, restarts of daemons and repeats, and nothing lost.</summary>
    [Fact]
    public void Lives_of_which_all_is_logged_are_what_the_model_makes_of_them() => Compare(0, log => log);

    /// <summary>The same with records missing; where no text decides what is right nothing is compared.</summary>
    [Fact]
    public void Lives_of_which_records_are_lost_are_what_the_model_makes_of_them() =>
        Compare(1_000_000, log => Model.Lives.WithLosses(log, new Random(log.Count)));

    /// <summary>A record that only the model is given is noticed: the comparison can fail.</summary>
    [Fact]
    public void A_start_or_stop_that_only_one_of_them_is_given_makes_them_differ()
    {
        for (int seed = 0; seed < 200; seed++)
        {
            List<LifeEntry> log = Model.Lives.Log(seed);
            if (log.Find(entry => entry.Record?.RecordTypeId == 2500) is LifeEntry one)
            {
                Assert.NotEqual(Told(SessionModel.Of(log)), Analyse(log.Where(entry => entry != one)));
            }
        }
    }

    private void Compare(int first, Func<List<LifeEntry>, List<LifeEntry>> lose)
    {
        int undecided = 0, different = 0;
        var examples = new List<string>();
        for (int seed = first; seed < first + Lives; seed++)
        {
            List<LifeEntry> log = lose(Model.Lives.Log(seed));
            List<LifeEntry> given = Model.Lives.WithRepeats(log, new Random(seed));
            SessionModel model = SessionModel.Of(given);
            if (model.Undecided is not null)
            {
                undecided++;
                continue;
            }

            string[] expected = Told(model), actual = Analyse(given);
            if (!expected.SequenceEqual(actual))
            {
                different++;
                if (examples.Count < MostExamples)
                {
                    examples.Add(string.Join('\n', [
                        string.Create(CultureInfo.InvariantCulture, $"life {seed}"), .. log.Select(entry => entry.ToString()),
                        "--- the model only", .. Except(expected, actual), "--- the analysis only", .. Except(actual, expected)]));
                }
            }
        }

        string sum = FormattableString.Invariant($"{Lives} lives: {undecided} undecided, {different} different");
        output.WriteLine(sum);
        Assert.True(different == 0, sum + "\n" + string.Join("\n\n", examples));
        Assert.InRange(undecided, 1, Lives / 20);
    }

    private static string[] Except(string[] left, string[] right)
    {
        List<string> rest = [.. right];
        return [.. left.Where(text => !rest.Remove(text))];
    }

    private static string[] Told(SessionModel model) => [.. model.Sessions.Concat(model.Assignments).Order(StringComparer.Ordinal)];

    private static string[] Analyse(IEnumerable<LifeEntry> log)
    {
        var told = new List<string>();
        var analysis = new TrailAnalysis
        {
            SessionKnown = session => told.Add(Show(session)),
            AssignmentKnown = assignment => told.Add(Show(assignment)),
        };
        foreach (LifeEntry entry in log)
        {
            _ = entry.Record is not null ? analysis.Accept(entry.Record) : analysis.Accept(entry.Event!);
        }

        analysis.Complete();
        return [.. told.Where(text => text.Length > 0).Order(StringComparer.Ordinal)];
    }

    private static string Show(VirtAuditSession session) => ModelRun.Show(
        (session.SessionEventId, session.Uuid, session.State),
        (session.StartMilliseconds, session.StartReason),
        (session.EndMilliseconds, session.StopReason),
        (session.ResourceCount, session.FailureCount, session.Unobserved),
        session.PeerEventId);

    // Attempts that failed are of no design: the guest did not have it.
    private static string Show(VirtAuditAssignment assignment) => assignment.Result == "failed" ? "" : ModelGiven.Show(
        assignment.SessionEventId,
        (assignment.ResourceType, Convert.ToString(assignment.Value, CultureInfo.InvariantCulture)),
        assignment.StartMilliseconds,
        (assignment.EndMilliseconds, assignment.EndReason),
        assignment.Certainty,
        assignment.IsOpen);
}
