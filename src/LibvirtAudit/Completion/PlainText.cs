using System.Management.Automation;
using System.Management.Automation.Language;

namespace LibvirtAudit.Completion;

/// <summary>
/// The texts that an argument stands for, as far as that can be known without running anything: PowerShell itself leaves out
/// those with a variable in them when it tells a completer what is typed, and those behind the cursor.
/// </summary>
internal static class PlainText
{
    /// <summary>The texts; none where the argument holds more than constants and variables.</summary>
    public static IEnumerable<string> Of(Ast argument, EngineIntrinsics engine) => argument switch
    {
        StringConstantExpressionAst constant => [constant.Value],
        VariableExpressionAst { Splatted: false } variable => Values(engine.SessionState.PSVariable.GetValue(variable.VariablePath.UserPath)),
        ExpandableStringExpressionAst text when text.NestedExpressions.All(nested => nested is VariableExpressionAst) && Inner(text) is string inner => [engine.InvokeCommand.ExpandString(inner)],
        ArrayLiteralAst list => list.Elements.SelectMany(element => Of(element, engine)),
        _ => [],
    };

    private static string[] Values(object? value) => value is null ? [] : LanguagePrimitives.ConvertTo<string[]>(value);

    private static string? Inner(ExpandableStringExpressionAst text) => text.StringConstantType switch
    {
        StringConstantType.BareWord => text.Extent.Text,
        StringConstantType.DoubleQuoted => text.Extent.Text[1..^1],
        _ => null,
    };
}
