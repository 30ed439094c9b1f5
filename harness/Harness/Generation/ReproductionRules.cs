using Conformance.Harness.Machines;
using Conformance.Harness.Model;
using Conformance.ReferenceVm;

namespace Conformance.Harness.Generation;

/// <summary>The rule of the catalogue that a wrong answer breaks first.</summary>
internal static class ReproductionRules
{
    public static string Of(Operation operation, Prediction prediction) =>
        (operation, prediction) switch
        {
            (CgroupCreate or CgroupRemove, _) => "lifetime.ends-with-cgroup",
            (MapCreate or MapClose, _) => "maps.check-order",
            (MapFreeze, _) => "user.freeze",
            (MapLookupElem, { Areas: { } areas }) when areas.Any(area => area.HoldsOwnAddress) =>
                "pointer.stable-across-runs",
            (MapLookupElem, { Kind: AnswerKind.Ok }) => "user.lookup-is-current",
            (MapLookupElem or MapUpdateElem, { Errno: Errno.ENOENT }) => "user.missing-key",
            (MapLookupElem or MapUpdateElem or MapGetNextKey, { Errno: Errno.EPERM }) => "user.access-mode",
            (MapLookupElem, _) => "user.lookup-flags",
            (MapUpdateElem, { Kind: AnswerKind.Ok }) => "user.update-is-visible",
            (MapUpdateElem, _) => "user.update-flags",
            (MapDeleteElem, _) => "user.delete",
            (MapLookupAndDeleteElem, _) => "user.lookup-and-delete",
            (MapGetNextKey, { Kind: AnswerKind.Ok }) => "user.next-key-order",
            (MapGetNextKey, _) => "user.next-key-end",
            (ProgLoad, { Errno: Errno.EBUSY }) => "arguments.one-map-per-kind",
            (ProgLoad, { Errno: Errno.EACCES }) => "bounds.beyond-refused",
            (ProgLoad, _) => "programs.offered",
            (ProgClose, _) => "lifetime.survives-unload",
            (ProgAttach { Replace: not null }, _) => "attach.replace",
            (ProgAttach { Relative: not null }, _) => "attach.order",
            (ProgAttach, _) => "attach.modes",
            (ProgDetach, _) => "attach.detach",
            (LinkUpdate, _) => "attach.link-update",
            (LinkCreate or LinkDetach or LinkClose, _) => "attach.links",
            (ProgQuery, _) => "attach.query",
            (ProgTestRun, _) => "programs.test-run",
            (Fire, { Outcome: EventOutcome.Completed }) => "attach.all-run",
            _ => "events.denial",
        };
}
