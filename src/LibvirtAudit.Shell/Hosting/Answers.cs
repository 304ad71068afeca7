using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Host;

namespace LibvirtAudit.Shell.Hosting;

/// <summary>Questions to the user, and the answers from standard input, a line each.</summary>
internal sealed class Answers(PSHostUserInterface ui)
{
    private const char Hotkey = '&';

    private readonly TaskCompletionSource _givenUp = new();

    /// <summary>One line of standard input.</summary>
    /// <exception cref="HostException">There is none left: nobody is there to answer.</exception>
    /// <exception cref="PipelineStoppedException">The run was stopped meanwhile.</exception>
    public string ReadLine()
    {
        // On a thread of its own: nothing ends a read from the terminal but a line.
        Task<string?> line = Task.Run(StandardInput.ReadLine);
        if (Task.WaitAny(line, _givenUp.Task) != 0)
        {
            throw new PipelineStoppedException();
        }

        return line.Result ?? throw new HostException("A question was asked, and standard input has ended: nobody is there to answer it.");
    }

    /// <summary>Lets go of the question that is being asked, and of all to come.</summary>
    public void GiveUp() => _givenUp.TrySetResult();

    /// <summary>Asks for the value of each field, as for a mandatory parameter that was left out.</summary>
    public Dictionary<string, PSObject> Fields(string caption, string message, Collection<FieldDescription> fields)
    {
        Introduce(caption, message);
        var values = new Dictionary<string, PSObject>();
        foreach (FieldDescription field in fields)
        {
            ui.Write($"{field.Name}: ");
            values[field.Name] = PSObject.AsPSObject(ReadLine());
        }

        return values;
    }

    /// <summary>Asks until one of the choices is named by its letter or its label; an empty answer is the default.</summary>
    public int Choice(string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice)
    {
        Introduce(caption, message);
        string question = string.Join("  ", choices.Select(choice => $"[{KeyOf(choice)}] {LabelOf(choice)}"));
        string ending = defaultChoice >= 0 ? $" (default is \"{KeyOf(choices[defaultChoice])}\"): " : ": ";
        while (true)
        {
            ui.Write(question + ending);
            string answer = ReadLine().Trim();
            if (answer.Length == 0 && defaultChoice >= 0)
            {
                return defaultChoice;
            }

            for (int i = 0; i < choices.Count; i++)
            {
                if (answer.Equals(KeyOf(choices[i]), StringComparison.OrdinalIgnoreCase)
                    || answer.Equals(LabelOf(choices[i]), StringComparison.OrdinalIgnoreCase))
                {
                    return i;
                }
            }
        }
    }

    private void Introduce(string caption, string message)
    {
        ui.WriteLine("");
        foreach (string line in new[] { caption, message })
        {
            if (!string.IsNullOrEmpty(line))
            {
                ui.WriteLine(line);
            }
        }
    }

    // A label such as "Yes to &All" has its hotkey behind the mark.
    private static string LabelOf(ChoiceDescription choice) => choice.Label.Replace(Hotkey.ToString(), "", StringComparison.Ordinal);

    private static string KeyOf(ChoiceDescription choice)
    {
        int mark = choice.Label.IndexOf(Hotkey, StringComparison.Ordinal);
        return mark >= 0 && mark + 1 < choice.Label.Length ? choice.Label.Substring(mark + 1, 1).ToUpperInvariant() : choice.Label;
    }
}
