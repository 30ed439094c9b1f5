// ---- the adapter: what its author writes ----

using Conformance.AdapterKit;
using Tiny;

TinyProgram.IsTraced = args.Contains("--trace");
var machine = new Adapter().Machine;
return args is ["run", ..]
    ? InProcess.Report(machine, args.ElementAtOrDefault(1), args.ElementAtOrDefault(2))
    : AdapterProcess.Serve(machine);
