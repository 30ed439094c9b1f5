using System.Text;
using Conformance.ReferenceVm.Helpers;

namespace Conformance.ReferenceVm.Isa;

/// <summary>Names of the helpers as assembly texts and verifier logs write them: <c>bpf_get_local_storage</c>.</summary>
internal static class HelperNames
{
    private const string Prefix = "bpf_";

    private static readonly Dictionary<int, string> ByNumber = Enum.GetValues<HelperId>()
        .ToDictionary(id => (int)id, id => Prefix + SnakeCase(id.ToString()));

    private static readonly Dictionary<string, int> ByName = ByNumber.ToDictionary(
        pair => pair.Value,
        pair => pair.Key
    );

    public static string? Of(int number) => ByNumber.GetValueOrDefault(number);

    public static int? NumberOf(string name) => ByName.TryGetValue(name, out var number) ? number : null;

    private static string SnakeCase(string name)
    {
        var text = new StringBuilder();
        foreach (var letter in name)
        {
            if (char.IsUpper(letter) && text.Length > 0)
                text.Append('_');
            text.Append(char.ToLowerInvariant(letter));
        }
        return text.ToString();
    }
}
