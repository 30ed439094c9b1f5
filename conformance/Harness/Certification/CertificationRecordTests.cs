using Conformance.Harness.Certification;
using Conformance.Harness.Rules;
using Conformance.ReferenceVm;

namespace Conformance.Tests.Harness.Certification;

public class CertificationRecordTests
{
    private const string Suite = "0.1.0";

    private static readonly CertifiedKernel New = new(new KernelVersion(6, 18, 44), "x86_64");
    private static readonly CertifiedKernel Old = new(new KernelVersion(5, 10), "aarch64");
    private static readonly IReadOnlySet<string> None = new HashSet<string>();

    private static readonly Dictionary<string, string> Hashes = new()
    {
        ["a.one@x"] = "0000000000000001",
        ["a.one@y"] = "0000000000000002",
        ["a.two"] = "0000000000000003",
    };

    [Fact]
    public void A_second_kernel_adds_to_the_first()
    {
        var both = Run(New, "a.one@x").With(Of(Old, Suite, "a.one@x", "a.two"), None, Hashes);

        Held(both)
            .Should()
            .BeEquivalentTo("5.10 aarch64 0.1.0 a.one@x", "5.10 aarch64 0.1.0 a.two", "6.18.44 x86_64 0.1.0 a.one@x");
    }

    [Fact]
    public void A_run_of_some_cases_leaves_the_others_as_they_are() =>
        Held(Run(New, "a.one@x").With(Of(New, Suite, "a.two"), None, Hashes))
            .Should()
            .BeEquivalentTo("6.18.44 x86_64 0.1.0 a.one@x", "6.18.44 x86_64 0.1.0 a.two");

    [Fact]
    public void What_is_certified_already_stays_with_the_suite_that_did_it_first() =>
        Held(Run(New, "a.one@x").With(Of(New, "0.2.0", "a.one@x", "a.two"), None, Hashes))
            .Should()
            .BeEquivalentTo("6.18.44 x86_64 0.1.0 a.one@x", "6.18.44 x86_64 0.2.0 a.two");

    [Fact]
    public void A_changed_case_loses_the_certificates_of_every_kernel_and_gains_the_new_one()
    {
        var before = Run(New, "a.one@x", "a.two").With(Of(Old, Suite, "a.one@x"), None, Hashes);
        var hashes = new Dictionary<string, string>(Hashes) { ["a.one@x"] = "00000000000000ff" };
        var run = new Certificate(New, "0.2.0", new Dictionary<string, string> { ["a.one@x"] = "00000000000000ff" });

        Held(before.With(run, None, hashes))
            .Should()
            .BeEquivalentTo("6.18.44 x86_64 0.1.0 a.two", "6.18.44 x86_64 0.2.0 a.one@x");
    }

    [Fact]
    public void A_case_that_is_gone_drops_out() =>
        Held(Run(New, "a.one@x", "a.two").Pruned(new Dictionary<string, string> { ["a.one@x"] = Hashes["a.one@x"] }))
            .Should()
            .BeEquivalentTo("6.18.44 x86_64 0.1.0 a.one@x");

    [Fact]
    public void A_case_that_fails_loses_the_certificate_of_that_kernel_only()
    {
        var both = Run(New, "a.one@x", "a.two").With(Of(Old, Suite, "a.two"), None, Hashes);

        Held(both.With(Of(New, Suite, "a.one@x"), new HashSet<string> { "a.two" }, Hashes))
            .Should()
            .BeEquivalentTo("5.10 aarch64 0.1.0 a.two", "6.18.44 x86_64 0.1.0 a.one@x");
    }

    [Fact]
    public void A_reason_goes_when_the_last_of_its_cases_is_certified()
    {
        var waiting = CertificationRecord.Empty with
        {
            Uncertified = [new UncertifiedReason("a.one", UncertifiedKind.AwaitsCertification, "No kernel here.")],
        };

        var half = waiting.With(Of(New, Suite, "a.one@x"), None, Hashes);
        half.Uncertified.Should().HaveCount(1, "a.one@y still waits");
        half.With(Of(New, Suite, "a.one@y"), None, Hashes).Uncertified.Should().BeEmpty();
    }

    [Fact]
    public void The_text_does_not_depend_on_the_order_in_which_kernels_came()
    {
        var oldFirst = Run(Old, "a.two", "a.one@x").With(Of(New, Suite, "a.one@y"), None, Hashes);
        var newFirst = Run(New, "a.one@y").With(Of(Old, Suite, "a.one@x", "a.two"), None, Hashes);

        Text(oldFirst).Should().Be(Text(newFirst));
    }

    [Fact]
    public Task The_text_has_one_line_for_each_case() => Snapshot.Verify(Text(Sample()));

    [Fact]
    public void What_is_written_reads_back_the_same()
    {
        var folder = Directory.CreateTempSubdirectory("certified-");
        try
        {
            var text = Text(Sample());
            File.WriteAllText(Path.Combine(folder.FullName, CertificationRecord.FileName), text);
            var load = CertificationRecord.Load(folder.FullName);

            string.Join('\n', load.Errors).Should().BeEmpty();
            Text(load.Record!).Should().Be(text);
            Held(load.Record!).Should().BeEquivalentTo(Held(Sample()));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static CertificationRecord Sample() =>
        Run(New, "a.two", "a.one@x").With(Of(Old, Suite, "a.two"), None, Hashes) with
        {
            Uncertified =
            [
                new UncertifiedReason("z.last", UncertifiedKind.Unsafe, "It \"harms\" kernels."),
                new UncertifiedReason("a.one", UncertifiedKind.AwaitsCertification, "No kernel was at hand."),
            ],
        };

    private static CertificationRecord Run(CertifiedKernel on, params string[] cases) =>
        CertificationRecord.Empty.With(Of(on, Suite, cases), None, Hashes);

    private static Certificate Of(CertifiedKernel on, string suite, params string[] cases) =>
        new(on, suite, cases.ToDictionary(id => id, id => Hashes[id]));

    private static IEnumerable<string> Held(CertificationRecord record) =>
        record.Certificates.SelectMany(certificate =>
            certificate.Cases.Keys.Select(id => $"{certificate.On} {certificate.Suite} {id}")
        );

    private static string Text(CertificationRecord record)
    {
        using var text = new StringWriter();
        record.Write(text);
        return text.ToString();
    }
}
