namespace Tiny;

/// <summary>A program that is attached, with its storage.</summary>
internal sealed record Attachment(TinyProgram Program, int AttachType, bool IsMulti, ulong Storage);

internal sealed class Cgroup
{
    private readonly Cgroup? _parent;
    private readonly List<Attachment> _attached = [];
    private int _children;

    public Cgroup(Cgroup? parent)
    {
        _parent = parent;
        if (parent is not null)
            parent._children++;
    }

    public int Remove()
    {
        if (_children > 0)
            return Error.Busy;
        if (_parent is not null)
            _parent._children--;
        return 0;
    }

    /// <summary>Runs what there is to run for an event, the closest cgroup's first; R0 is 1 where all permit it.</summary>
    public Run Happen(int attachType)
    {
        var all = new Run(Ending.Returned, 1, "");
        foreach (var item in Effective(attachType))
        {
            var run = item.Program.Run(item.Storage);
            if (run.Ending != Ending.Returned)
                return run;
            all = all with { R0 = all.R0 & run.R0 };
        }

        return all;
    }

    private IEnumerable<Attachment> Effective(int attachType) =>
        At(attachType).Concat(_parent?.Effective(attachType) ?? []);

    public int Attach(TinyProgram program, int attachType, bool multi)
    {
        var above = _parent?.Effective(attachType).Any(item => !item.IsMulti) ?? false;
        if (above || At(attachType).Any(item => item.IsMulti != multi))
            return Error.NotPermitted;
        if (multi && At(attachType).Any(item => item.Program == program))
            return Error.Invalid;
        var storage = program.StorageMap?.Storage(this, attachType) ?? 0;
        if (!multi)
            _attached.RemoveAll(item => item.AttachType == attachType);
        _attached.Add(new Attachment(program, attachType, multi, storage));
        return 0;
    }

    /// <summary>Where only one can be attached, any program names it.</summary>
    public int Detach(TinyProgram? program, int attachType) =>
        At(attachType).FirstOrDefault(item => item.Program == program || !item.IsMulti) is { } item
        && _attached.Remove(item)
            ? 0
            : Error.NoEntry;

    private IEnumerable<Attachment> At(int attachType) => _attached.Where(item => item.AttachType == attachType);
}
