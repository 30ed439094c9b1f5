using Conformance.FaultyAdapter;

// faulty-adapter FAULT [WORD...]: the reference VM behind the protocol, with one fault. Further words are the fault's, or only mark the process.
if (args.Length == 0 || !Fault.All.TryGetValue(args[0], out var fault))
{
    Console.Error.WriteLine($"faulty-adapter FAULT: one of {string.Join(", ", Fault.All.Keys)}");
    return 2;
}

return new FaultyServer(fault, args[1..]).Run();
