using Microsoft.Playwright;

namespace Conformance.Tests.Documentation;

/// <summary>The tests that share one Chromium.</summary>
[CollectionDefinition(Name)]
public sealed class BrowserTests : ICollectionFixture<Browser>
{
    public const string Name = "browser";
}

/// <summary>One Chromium for all tests of pages.</summary>
public sealed class Browser : IAsyncLifetime
{
    // Away from the network, which the page must not need, and from services of Chromium's own.
    private static readonly string[] Arguments =
    [
        "--no-sandbox",
        "--disable-gpu",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ];

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async Task InitializeAsync()
    {
        if (BrowserFactAttribute.Missing is not null)
        {
            return;
        }

        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(
            new() { ExecutablePath = BrowserFactAttribute.Executable, Args = Arguments }
        );
    }

    /// <summary>The book, as a page of its own context.</summary>
    internal Task<OpenPage> Open(string fragment = "", int width = 1400, ColorScheme scheme = ColorScheme.Light) =>
        OpenAt(OpenPage.Address + fragment, width, scheme);

    /// <summary>An address, as a page of its own context.</summary>
    internal async Task<OpenPage> OpenAt(string address, int width = 1400, ColorScheme scheme = ColorScheme.Light)
    {
        var context = await _browser!.NewContextAsync(
            new()
            {
                ViewportSize = new() { Width = width, Height = 800 },
                ColorScheme = scheme,
                Offline = true,
            }
        );
        return await OpenPage.In(context, address);
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.CloseAsync();
        }

        _playwright?.Dispose();
    }
}
