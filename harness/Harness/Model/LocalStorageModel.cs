using Conformance.Harness.Machines;
using Conformance.ReferenceVm;

namespace Conformance.Harness.Model;

/// <summary>
/// The specification of cgroup local storage as a pure function: which storage there is, when it begins and ends, what is in
/// it, and who sees it. Written from the rules, independently of any machine.
/// </summary>
/// <remarks>
/// The rules in five sentences. A storage belongs to a map and a cgroup, and with 16-byte keys to an attach type as well. It
/// begins, all zero, when a program that refers to the map is first attached there, and ends with the cgroup or the map;
/// nothing else ends, empties or hides it. An attachment is bound to its storages when it is made, wherever its program then
/// runs. The shared kind has one area, the per-CPU kind one for each CPU. User space reads and overwrites what exists, and can
/// neither make nor delete any.
/// </remarks>
public static class LocalStorageModel
{
    /// <summary>Key size of maps that have one storage for all attach types of a cgroup.</summary>
    public const int SharedKeySize = 8;

    /// <summary>Key size of maps that have one storage for each attach type of a cgroup.</summary>
    public const int IsolatedKeySize = 16;

    /// <summary>What an operation makes of a state, and what it answers.</summary>
    public static (ModelState State, Prediction Prediction) Step(ModelState state, Operation operation) =>
        operation switch
        {
            CgroupCreate create => CgroupRules.Create(state, create),
            CgroupRemove remove => CgroupRules.Remove(state, remove),
            MapCreate create => MapRules.Create(state, create),
            MapClose close => MapRules.Close(state, close),
            MapFreeze freeze => MapRules.Freeze(state, freeze),
            MapLookupElem lookup => (state, MapRules.Lookup(state, lookup)),
            MapUpdateElem update => MapRules.Update(state, update),
            MapDeleteElem delete => (state, MapRules.Delete(state, delete)),
            MapLookupAndDeleteElem take => (state, MapRules.LookupAndDelete(state, take)),
            MapGetNextKey next => (state, MapRules.GetNextKey(state, next)),
            ProgLoad load => ProgramRules.Load(state, load),
            ProgClose close => ProgramRules.Close(state, close),
            ProgAttach attach => AttachRules.Attach(state, attach),
            ProgDetach detach => AttachRules.Detach(state, detach),
            LinkCreate create => LinkRules.Create(state, create),
            LinkUpdate update => LinkRules.Update(state, update),
            LinkDetach detach => LinkRules.Detach(state, detach),
            LinkClose close => LinkRules.Close(state, close),
            ProgQuery query => (state, AttachRules.Query(state, query)),
            ProgTestRun run => (state, RunRules.TestRun(state, run)),
            Fire fire => RunRules.Fire(state, fire),
            _ => (state, Prediction.Open),
        };

    internal static (ModelState, Prediction) Fail(this ModelState state, Errno errno) =>
        (state, Prediction.Fail(errno));

    internal static (ModelState, Prediction) Succeed(this ModelState state) => (state, Prediction.Ok);
}
