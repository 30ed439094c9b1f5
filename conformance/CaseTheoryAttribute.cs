using System.ComponentModel;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace Conformance.Tests;

/// <summary>A test per case of the vectors, displayed under nothing but the case's id: the only spelling of a case.</summary>
[XunitTestCaseDiscoverer("Conformance.Tests.CaseDiscoverer", "Conformance.Tests")]
[AttributeUsage(AttributeTargets.Method)]
public sealed class CaseTheoryAttribute : FactAttribute;

/// <summary>Finds the cases. Where the vectors are broken, one failing test says what is wrong with them.</summary>
public sealed class CaseDiscoverer(IMessageSink messages) : IXunitTestCaseDiscoverer
{
    public IEnumerable<IXunitTestCase> Discover(
        ITestFrameworkDiscoveryOptions discoveryOptions,
        ITestMethod testMethod,
        IAttributeInfo factAttribute
    )
    {
        string[] ids;
        try
        {
            ids = [.. VectorTests.CaseIds];
        }
        catch (Exception broken)
        {
            return
            [
                new ExecutionErrorTestCase(
                    messages,
                    TestMethodDisplay.Method,
                    TestMethodDisplayOptions.None,
                    testMethod,
                    broken.Message
                ),
            ];
        }

        return ids.Select(id => new CaseTest(messages, testMethod, id));
    }
}

/// <summary>One case as a test.</summary>
public sealed class CaseTest : XunitTestCase
{
    [EditorBrowsable(EditorBrowsableState.Never)]
    [Obsolete("For xunit's deserializer.")]
    public CaseTest() { }

    public CaseTest(IMessageSink messages, ITestMethod method, string id)
        : base(messages, TestMethodDisplay.Method, TestMethodDisplayOptions.None, method, [id]) { }

    protected override string GetDisplayName(IAttributeInfo factAttribute, string displayName) =>
        (string)TestMethodArguments[0];
}
