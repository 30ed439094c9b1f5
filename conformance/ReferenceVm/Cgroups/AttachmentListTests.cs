using Conformance.ReferenceVm;
using Conformance.ReferenceVm.Cgroups;
using Conformance.ReferenceVm.Programs;
using static Conformance.ReferenceVm.Cgroups.AttachFlags;

namespace Conformance.Tests.ReferenceVm.Cgroups;

public sealed class AttachmentListTests
{
    private const int Limit = 64;
    private readonly Cgroup _cgroup = new(1, null);
    private readonly LoadedProgram _a = TestPrograms.Of();
    private readonly LoadedProgram _b = TestPrograms.Of();
    private readonly LoadedProgram _c = TestPrograms.Of();

    [Fact]
    public void Programs_of_mode_multi_are_appended_in_the_order_of_attachment() =>
        Programs(List((_a, AllowMulti), (_b, AllowMulti), (_c, AllowMulti))).Should().Equal(_a, _b, _c);

    [Fact]
    public void The_same_program_is_attached_only_once_in_mode_multi() =>
        Place(List((_a, AllowMulti)), new(_a, AllowMulti)).Error.Should().Be(Errno.EINVAL);

    [Fact]
    public void A_link_may_hold_a_program_that_is_attached_already() =>
        Place(List((_a, AllowMulti)), new(_a, AllowMulti) { Link = LinkOf(_a) }).Error.Should().Be(Errno.None);

    [Theory]
    [InlineData(None)]
    [InlineData(AllowOverride)]
    public void A_single_program_is_replaced_by_whatever_is_attached_in_the_same_mode(AttachFlags mode)
    {
        var list = List((_a, mode), (_b, mode), (_b, mode));

        Programs(list).Should().Equal(_b);
        list.Mode.Should().Be(mode);
    }

    [Theory]
    [InlineData(None, AllowOverride)]
    [InlineData(None, AllowMulti)]
    [InlineData(AllowOverride, None)]
    [InlineData(AllowMulti, AllowOverride)]
    [InlineData(AllowMulti, None)]
    public void A_list_that_is_not_empty_keeps_its_mode(AttachFlags mode, AttachFlags other) =>
        Place(List((_a, mode)), new(_b, other)).Error.Should().Be(Errno.EPERM);

    [Fact]
    public void An_emptied_list_has_no_mode()
    {
        var list = List((_a, AllowMulti)).Without(0);

        list.Mode.Should().Be(None);
        Place(list, new(_b, AllowOverride)).Error.Should().Be(Errno.None);
    }

    [Fact]
    public void Override_and_multi_exclude_each_other() =>
        Place(AttachmentList.Empty, new(_a, AllowOverride | AllowMulti)).Error.Should().Be(Errno.EINVAL);

    [Fact]
    public void The_hierarchys_refusal_is_EPERM() =>
        AttachmentList.Empty.Place(new(_a, None), hierarchyAllows: false, Limit).Error.Should().Be(Errno.EPERM);

    [Fact]
    public void The_sixty_fifth_program_is_refused_with_E2BIG()
    {
        var list = AttachmentList.Empty;
        for (var count = 0; count < Limit; count++)
        {
            list = Attach(list, new(TestPrograms.Of(), AllowMulti));
        }

        Place(list, new(_a, AllowMulti)).Error.Should().Be(Errno.E2BIG);
    }

    [Fact]
    public void A_full_list_refuses_a_replacement_too()
    {
        var list = AttachmentList.Empty;
        for (var count = 0; count < Limit; count++)
        {
            list = Attach(list, new(TestPrograms.Of(), AllowMulti));
        }

        var replacement = new AttachRequest(_a, AllowMulti | Replace) { Replaced = list.Items[0].Program };
        Place(list, replacement).Error.Should().Be(Errno.E2BIG);
    }

    [Fact]
    public void A_replacement_takes_the_place_of_what_it_replaces()
    {
        var list = List((_a, AllowMulti), (_b, AllowMulti));

        list = Attach(list, new(_c, AllowMulti | Replace) { Replaced = _a });

        Programs(list).Should().Equal(_c, _b);
    }

    [Fact]
    public void A_program_may_replace_itself()
    {
        var list = List((_a, AllowMulti), (_b, AllowMulti));

        Programs(Attach(list, new(_a, AllowMulti | Replace) { Replaced = _a })).Should().Equal(_a, _b);
    }

    [Fact]
    public void A_replacement_may_not_duplicate_another_entry()
    {
        var list = List((_a, AllowMulti), (_b, AllowMulti));

        Place(list, new(_b, AllowMulti | Replace) { Replaced = _a }).Error.Should().Be(Errno.EINVAL);
    }

    [Fact]
    public void What_is_not_attached_cannot_be_replaced() =>
        Place(List((_a, AllowMulti)), new(_b, AllowMulti | Replace) { Replaced = _c }).Error.Should().Be(Errno.ENOENT);

    [Fact]
    public void A_replacement_needs_mode_multi() =>
        Place(List((_a, None)), new(_b, Replace) { Replaced = _a }).Error.Should().Be(Errno.EINVAL);

    [Theory]
    [InlineData(Before)]
    [InlineData(After)]
    public void A_replacement_has_no_other_place(AttachFlags where) =>
        Place(List((_a, AllowMulti)), new(_b, AllowMulti | Replace | where) { Replaced = _a })
            .Error.Should()
            .Be(Errno.EINVAL);

    [Fact]
    public void Without_an_anchor_before_is_first_and_after_is_last()
    {
        var list = List((_a, AllowMulti), (_b, AllowMulti | Before), (_c, AllowMulti | After));

        Programs(list).Should().Equal(_b, _a, _c);
    }

    [Fact]
    public void With_an_anchor_before_and_after_are_next_to_it()
    {
        var list = List((_a, AllowMulti), (_b, AllowMulti));
        list = Attach(list, new(_c, AllowMulti | Before) { Anchor = new(true, _b) });
        var d = TestPrograms.Of();
        list = Attach(list, new(d, AllowMulti | After) { Anchor = new(true, _a) });

        Programs(list).Should().Equal(_a, d, _c, _b);
    }

    [Theory]
    [InlineData(AllowMulti)]
    [InlineData(AllowMulti | Before | After)]
    public void An_anchor_needs_exactly_one_direction(AttachFlags flags) =>
        Place(List((_a, AllowMulti)), new(_b, flags) { Anchor = new(true, _a) }).Error.Should().Be(Errno.EINVAL);

    [Fact]
    public void An_anchor_that_is_not_attached_is_ENOENT() =>
        Place(List((_a, AllowMulti)), new(_b, AllowMulti | Before) { Anchor = new(true, _c) })
            .Error.Should()
            .Be(Errno.ENOENT);

    [Fact]
    public void An_anchor_that_does_not_exist_is_reported_behind_mode_and_number()
    {
        var anchor = new Anchor(true, Error: Errno.EBADF);

        Place(List((_a, AllowMulti)), new(_b, AllowMulti | Before) { Anchor = anchor }).Error.Should().Be(Errno.EBADF);
        Place(List((_a, None)), new(_b, AllowMulti | Before) { Anchor = anchor }).Error.Should().Be(Errno.EPERM);
    }

    [Fact]
    public void Preorder_programs_stand_next_to_preorder_programs_only() =>
        Place(List((_a, AllowMulti | Preorder)), new(_b, AllowMulti | Before) { Anchor = new(true, _a) })
            .Error.Should()
            .Be(Errno.EINVAL);

    [Fact]
    public void A_program_does_not_stand_next_to_a_link_by_name()
    {
        var link = LinkOf(_a);
        var list = Attach(AttachmentList.Empty, new(_a, AllowMulti) { Link = link });
        var request = new AttachRequest(_b, AllowMulti | Before | AttachFlags.Link) { Anchor = new(true, Link: link) };

        Place(list, request).Error.Should().Be(Errno.EINVAL);
        Place(list, request with { Link = LinkOf(_b) }).Should().Be(new Placement(Errno.None, 0));
    }

    [Fact]
    public void A_stale_revision_is_refused_before_everything_about_modes()
    {
        var list = List((_a, AllowMulti), (_b, AllowMulti));

        list.Revision.Should().Be(3, "it is 1 at first and counts every change");
        Place(list, new(_c, AllowMulti) { ExpectedRevision = 2 }).Error.Should().Be(Errno.ESTALE);
        Place(list, new(_c, None) { ExpectedRevision = 2 }).Error.Should().Be(Errno.ESTALE);
        Place(list, new(_c, AllowMulti) { ExpectedRevision = 3 }).Error.Should().Be(Errno.None);
    }

    [Fact]
    public void Detaching_in_mode_multi_needs_the_right_program()
    {
        var list = List((_a, AllowMulti), (_b, AllowMulti));

        list.FindToDetach(_b, 0).Should().Be(new Placement(Errno.None, 1));
        list.FindToDetach(_c, 0).Error.Should().Be(Errno.ENOENT);
        list.FindToDetach(null, 0).Error.Should().Be(Errno.EINVAL);
        list.FindToDetach(_b, 1).Error.Should().Be(Errno.ESTALE);
    }

    [Theory]
    [InlineData(None)]
    [InlineData(AllowOverride)]
    public void Detaching_a_single_program_ignores_who_is_named(AttachFlags mode)
    {
        var list = List((_a, mode));

        list.FindToDetach(_c, 0).Should().Be(new Placement(Errno.None, 0));
        list.FindToDetach(null, 0).Should().Be(new Placement(Errno.None, 0));
    }

    [Fact]
    public void Nothing_to_detach_is_ENOENT() =>
        AttachmentList.Empty.FindToDetach(_a, 0).Error.Should().Be(Errno.ENOENT);

    [Fact]
    public void Detaching_a_program_leaves_the_links_that_hold_it()
    {
        var list = Attach(AttachmentList.Empty, new(_a, AllowMulti) { Link = LinkOf(_a) });

        list.FindToDetach(_a, 0).Error.Should().Be(Errno.ENOENT);
    }

    private static Link LinkOf(LoadedProgram program) => new(1, program, AttachType.CgroupInetSockCreate);

    private static IEnumerable<LoadedProgram> Programs(AttachmentList list) => list.Items.Select(item => item.Program);

    private static Placement Place(AttachmentList list, AttachRequest request) =>
        list.Place(request, hierarchyAllows: true, Limit);

    private AttachmentList List(params (LoadedProgram Program, AttachFlags Flags)[] attachments) =>
        attachments.Aggregate(
            AttachmentList.Empty,
            (list, attachment) => Attach(list, new(attachment.Program, attachment.Flags))
        );

    private AttachmentList Attach(AttachmentList list, AttachRequest request)
    {
        var placement = Place(list, request);
        placement.Error.Should().Be(Errno.None);
        var attachment = new Attachment(
            request.Program,
            request.Link,
            request.Flags,
            _cgroup,
            AttachType.CgroupInetSockCreate,
            BoundStorages.None
        );
        return list.With(attachment, placement);
    }
}
