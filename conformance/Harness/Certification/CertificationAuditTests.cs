using Conformance.Harness.Certification;
using Conformance.Harness.Rules;
using Conformance.Harness.Vectors;
using Conformance.ReferenceVm;
using Conformance.Tests.Harness.Vectors;

namespace Conformance.Tests.Harness.Certification;

public class CertificationAuditTests
{
    private const string Body = """
        "for_each": { "attach_type": ["cgroup_inet_egress", "cgroup_sysctl"] },
        "cgroups": { "a": null },
        "steps": [{ "op": "fire", "cgroup": "a" }]
        """;

    private const string OnPackets = "area.test@cgroup_inet_egress";
    private const string OnSysctl = "area.test@cgroup_sysctl";

    private static readonly CertifiedKernel On = new(new KernelVersion(5, 4, 9), "x86_64");

    private readonly VectorSet _core = VectorFolder.Sound(Body);

    // area.linux holds since 5.9, and from 5.4.10: not on 5.4.9.
    private readonly VectorSet _younger = VectorFolder.Sound(Body, "\"area.linux\"");

    [Fact]
    public void A_case_with_another_hash_is_not_certified()
    {
        var record = Record(_core, OnPackets, OnSysctl);
        var certificate = record.Certificates[0];
        var changed = record with
        {
            Certificates =
            [
                certificate with
                {
                    Cases = new Dictionary<string, string>(certificate.Cases) { [OnSysctl] = "0000000000000000" },
                },
            ],
        };

        Ids(new CertificationAudit(_core, changed).Unexplained()).Should().Equal(OnSysctl);
    }

    [Fact]
    public void A_case_that_the_record_does_not_name_is_not_certified() =>
        Ids(new CertificationAudit(_core, Record(_core, OnPackets)).Unexplained()).Should().Equal(OnSysctl);

    [Theory]
    [InlineData("area.test", 0)]
    [InlineData(OnSysctl, 0)]
    [InlineData(OnPackets, 1)]
    public void A_reason_stands_for_a_case_or_for_the_cases_of_a_vector(string id, int unexplained)
    {
        var record = Record(_core, OnPackets) with
        {
            Uncertified = [new UncertifiedReason(id, UncertifiedKind.AwaitsCertification, "No kernel was at hand.")],
        };

        new CertificationAudit(_core, record).Unexplained().Should().HaveCount(unexplained);
    }

    [Fact]
    public void A_rule_that_no_certified_kernel_has_is_a_reason_in_itself()
    {
        var old = CertificationRecord.Empty with
        {
            Certificates = [new Certificate(On, "0.1.0", new Dictionary<string, string>())],
        };
        var audit = new CertificationAudit(_younger, old);

        audit.Unexplained().Should().BeEmpty();
        audit.ReasonFor(_younger.Cases[0]).Should().Contain("since Linux 5.9").And.Contain("5.4.9 x86_64");
    }

    [Fact]
    public void A_rule_that_one_certified_kernel_has_is_none()
    {
        var fixedKernel = new CertifiedKernel(new KernelVersion(5, 4, 10), "x86_64");
        var record = CertificationRecord.Empty with
        {
            Certificates =
            [
                new Certificate(On, "0.1.0", new Dictionary<string, string>()),
                new Certificate(fixedKernel, "0.1.0", new Dictionary<string, string>()),
            ],
        };

        new CertificationAudit(_younger, record).Unexplained().Should().HaveCount(2);
    }

    [Fact]
    public void Without_any_kernel_nothing_is_explained() =>
        new CertificationAudit(_younger, CertificationRecord.Empty).Unexplained().Should().HaveCount(2);

    [Fact]
    public void Ids_that_are_no_case_are_found_in_certificates_and_reasons()
    {
        var cases = new Dictionary<string, string>
        {
            ["area.test"] = "0000000000000000",
            ["area.gone"] = "0000000000000000",
        };
        var record = new CertificationRecord(
            [new Certificate(On, "0.1.0", cases)],
            [
                new UncertifiedReason("area.test", UncertifiedKind.Unsafe, "A vector may have a reason."),
                new UncertifiedReason("area.missing", UncertifiedKind.Unsafe, "Nothing has this id."),
            ]
        );

        new CertificationAudit(_core, record).UnknownIds().Should().Equal("area.gone", "area.missing", "area.test");
    }

    [Fact]
    public void A_reason_is_stale_when_all_its_cases_are_certified()
    {
        UncertifiedReason[] reasons =
        [
            new("area.test", UncertifiedKind.Unsafe, "It harms."),
            new(OnPackets, UncertifiedKind.Unsafe, "It harms."),
        ];

        var some = Record(_core, OnPackets) with { Uncertified = reasons };
        new CertificationAudit(_core, some).StaleReasons().Should().Equal(reasons[1]);
        var all = Record(_core, OnPackets, OnSysctl) with { Uncertified = reasons };
        new CertificationAudit(_core, all).StaleReasons().Should().Equal(reasons);
    }

    private static CertificationRecord Record(VectorSet set, params string[] cases)
    {
        var hashes = CaseHash.OfAll(set);
        return CertificationRecord.Empty with
        {
            Certificates = [new Certificate(On, "0.1.0", cases.ToDictionary(id => id, id => hashes[id]))],
        };
    }

    private static IEnumerable<string> Ids(IEnumerable<Case> cases) => cases.Select(@case => @case.Id);
}
