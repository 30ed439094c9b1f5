namespace Conformance.Tests.Documentation;

/// <summary>Whether text can be read, asked of a page.</summary>
internal static class Legibility
{
    /// <summary>Elements with text of their own whose contrast, as WCAG 2.2 (1.4.3) defines it, is below 4.5 to 1.</summary>
    public const string FaintText = """
        () => {
          const channels = color => color.match(/[\d.]+/g).map(Number);
          const light = ([r, g, b]) =>
            [r, g, b]
              .map(c => c / 255)
              .map(c => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
              .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
          const ground = element => {
            for (; element; element = element.parentElement) {
              const color = channels(getComputedStyle(element).backgroundColor);
              if (color.length === 3 || color[3] === 1) return color;
            }
            return [255, 255, 255];
          };
          const faint = new Set();
          for (const element of document.querySelectorAll("body *:not(script)")) {
            if (!element.checkVisibility()) continue;
            if (![...element.childNodes].some(node => node.nodeType === 3 && node.data.trim())) continue;
            const [a, b] = [light(channels(getComputedStyle(element).color)), light(ground(element))];
            const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
            if (ratio < 4.5) faint.add(`${element.localName}.${element.className} ${ratio.toFixed(2)}`);
          }
          return [...faint];
        }
        """;
}
