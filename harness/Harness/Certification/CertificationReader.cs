using Conformance.Harness.Json;
using Conformance.Harness.Rules;
using Conformance.ReferenceVm;

namespace Conformance.Harness.Certification;

/// <summary>Reads <c>certified.json</c>.</summary>
internal static class CertificationReader
{
    private const int HashDigits = 16;

    /// <summary>The record; null where the file is no object. What is wrong goes to <paramref name="errors"/>.</summary>
    public static CertificationRecord? Read(LocatedNode root, ErrorSink errors)
    {
        if (Fields.Of(root, errors) is not { } fields)
            return null;
        fields.OptionalString("$schema");
        var certificates = Certificates(fields.Required("certified"), errors);
        var uncertified = Reasons(fields.Optional("uncertified"), errors);
        fields.Done();
        return new CertificationRecord(certificates, uncertified);
    }

    private static List<Certificate> Certificates(LocatedNode? node, ErrorSink errors)
    {
        var certificates = new List<Certificate>();
        var cases = new HashSet<(CertifiedKernel, string)>();
        foreach (var item in node?.Items(errors) ?? [])
        {
            if (Fields.Of(item, errors) is not { } fields)
                continue;
            var kernel = fields.Required("kernel") is { } version ? Version(version, errors) : default;
            var on = new CertifiedKernel(kernel, fields.String("architecture"));
            var suite = fields.String("suite");
            var held = fields.Required("cases");
            fields.Done();
            if (certificates.Exists(other => (other.On, other.Suite) == (on, suite)))
                errors.Add(item, $"the kernel {on} with suite {suite} is there twice");
            certificates.Add(new Certificate(on, suite, Cases(held, on, cases, errors)));
        }

        return certificates;
    }

    private static Dictionary<string, string> Cases(
        LocatedNode? node,
        CertifiedKernel on,
        HashSet<(CertifiedKernel, string)> seen,
        ErrorSink errors
    )
    {
        var cases = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (id, value) in node?.Members(errors) ?? [])
        {
            var hash = value.NonEmptyString(errors);
            if (
                hash is not null
                && (hash.Length != HashDigits || hash.AsSpan().IndexOfAnyExcept("0123456789abcdef") >= 0)
            )
                errors.Add(value, $"expected a content hash of {HashDigits} lower-case hex digits, found \"{hash}\"");
            // A member that is there twice has been reported as such.
            if (cases.TryAdd(id, hash ?? "") && !seen.Add((on, id)))
                errors.Add(value, $"the kernel {on} certifies \"{id}\" already, with another version of the suite");
        }

        return cases;
    }

    private static List<UncertifiedReason> Reasons(LocatedNode? node, ErrorSink errors)
    {
        var reasons = new List<UncertifiedReason>();
        foreach (var item in node?.Items(errors) ?? [])
        {
            if (Fields.Of(item, errors) is not { } fields)
                continue;
            var reason = new UncertifiedReason(fields.String("id"), Kind(fields, errors), fields.String("reason"));
            fields.Done();
            if (reasons.Exists(other => other.Id == reason.Id))
                errors.Add(item, $"\"{reason.Id}\" has two reasons");
            reasons.Add(reason);
        }

        return reasons;
    }

    private static UncertifiedKind Kind(Fields fields, ErrorSink errors)
    {
        if (fields.Required("kind") is not { } node || node.NonEmptyString(errors) is not { } text)
            return default;
        foreach (var (kind, word) in CertificationText.Kinds)
        {
            if (word == text)
                return kind;
        }

        var expected = string.Join(", ", CertificationText.Kinds.Select(known => known.Word));
        errors.Add(node, $"unknown kind \"{text}\": expected one of {expected}");
        return default;
    }

    private static KernelVersion Version(LocatedNode node, ErrorSink errors)
    {
        var version = default(KernelVersion);
        if (
            node.NonEmptyString(errors) is { } text
            && (!KernelVersion.TryParse(text, out version) || version.ToString() != text)
        )
            errors.Add(node, $"expected a kernel version in numbers only, such as \"6.18.44\", found \"{text}\"");
        return version;
    }
}
