namespace Conformance.Harness.Generation.Programs;

/// <summary>Sequences of random statements.</summary>
internal static class Statements
{
    /// <summary>How deep branches, loops and calls nest.</summary>
    private const int DeepestNesting = 3;

    public static void Write(ProgramWriter writer, int count, int depth)
    {
        for (; count > 0; count--)
        {
            WriteOne(writer, depth);
        }
    }

    /// <summary>What needs no context: also for callbacks.</summary>
    public static void WriteAnywhere(ProgramWriter writer)
    {
        if (writer.OneIn(2))
        {
            StorageStatements.Use(writer);
        }
        else
        {
            NumberStatements.Arithmetic(writer);
        }
    }

    private static void WriteOne(ProgramWriter writer, int depth)
    {
        switch (writer.Next(depth < DeepestNesting ? 17 : 12))
        {
            case 0 or 1:
                NumberStatements.Arithmetic(writer);
                break;
            case 2:
                NumberStatements.Helper(writer);
                break;
            case 3 or 4:
                StackStatements.Access(writer);
                break;
            case 5 or 6:
                StorageStatements.Use(writer);
                break;
            case 7:
                StorageStatements.Lookup(writer);
                break;
            case 8 or 9:
                ContextStatements.Access(writer);
                break;
            case 10:
                ContextStatements.Data(writer);
                break;
            case 11:
                StackStatements.VariableAccess(writer);
                break;
            case 12 or 13:
                ControlStatements.Branch(writer, depth);
                break;
            case 14:
                ControlStatements.Loop(writer, depth);
                break;
            case 15:
                ControlStatements.Call(writer, depth);
                break;
            default:
                ControlStatements.Callback(writer);
                break;
        }
    }
}
