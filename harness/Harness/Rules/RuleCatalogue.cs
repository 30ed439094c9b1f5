using System.Collections.Frozen;

namespace Conformance.Harness.Rules;

/// <summary>All rules, in the order of the file.</summary>
public sealed class RuleCatalogue
{
    private readonly FrozenDictionary<string, Rule> _byId;

    /// <summary>A catalogue of rules with different ids.</summary>
    public RuleCatalogue(IReadOnlyList<Rule> rules)
    {
        Rules = rules;
        _byId = rules.ToFrozenDictionary(rule => rule.Id);
    }

    /// <summary>All rules.</summary>
    public IReadOnlyList<Rule> Rules { get; }

    /// <summary>The rule with this id.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public Rule this[string id] => _byId[id];

    /// <summary>The rule with this id, or null.</summary>
    public Rule? Find(string id) => _byId.GetValueOrDefault(id);
}
