using Conformance.Harness.Documentation;
using Microsoft.Playwright;

namespace Conformance.Tests.Documentation;

/// <summary>A page, opened from disk.</summary>
internal sealed class OpenPage : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly List<string> _complaints = [];
    private readonly List<string> _requests = [];

    private OpenPage(IBrowserContext context, IPage page)
    {
        _context = context;
        Page = page;
        page.Console += (_, message) => _complaints.Add($"{message.Type}: {message.Text}");
        page.PageError += (_, error) => _complaints.Add(error);
        page.Request += (_, request) => _requests.Add(request.Url);
    }

    public IPage Page { get; }

    /// <summary>What the console or the page complained of.</summary>
    public IReadOnlyList<string> Complaints => _complaints;

    /// <summary>Addresses that were asked for, the page's own first.</summary>
    public IReadOnlyList<string> Requests => _requests;

    public ILocator VisibleRules => Page.Locator(".rule:visible");

    /// <summary>Where the book is.</summary>
    public static string Address => new Uri(GeneratedBook.PathOf(Book.HtmlFile)).AbsoluteUri;

    public static async Task<OpenPage> In(IBrowserContext context, string address)
    {
        var open = new OpenPage(context, await context.NewPageAsync());
        await open.Page.GotoAsync(address);
        return open;
    }

    /// <summary>Where an element's top is, in CSS pixels below the window's.</summary>
    public Task<double> TopOf(string id) =>
        Page.EvaluateAsync<double>("id => document.getElementById(id).getBoundingClientRect().top", id);

    public async ValueTask DisposeAsync() => await _context.CloseAsync();
}
