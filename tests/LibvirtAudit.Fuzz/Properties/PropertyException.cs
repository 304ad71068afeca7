namespace LibvirtAudit.Fuzz.Properties;

/// <summary>A property that does not hold of an input.</summary>
internal sealed class PropertyException : Exception
{
    /// <summary>Says which.</summary>
    /// <param name="property">The property, in the words by which findings of one kind are told from those of another.</param>
    /// <param name="detail">What was found.</param>
    public PropertyException(string property, string detail)
        : base(property + ": " + detail) => Property = property;

    /// <summary>The property.</summary>
    public string Property { get; }
}
