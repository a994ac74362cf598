// The code that the guides to dH show is the code that is compiled and tested.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { includeRegions, withRegions } from '../../scripts/gen/include-regions.mjs';
import { root } from '../support/doc-examples.js';

const guides = ['docs/rtmodel-integration.md', 'integration/dh/README.md'];

describe.each(guides)('%s', (guide) => {
  const text = readFileSync(join(root, guide), 'utf8');

  it('shows its regions as they are compiled; else run "npm run gen:docs"', () => {
    expect(includeRegions(guide)).toBe(text);
  });

  it('has no C++ of its own', () => {
    const blocks = text.match(/^```cpp$/gm) ?? [];
    expect(blocks.length).toBeGreaterThan(3);
    expect(text.match(/^<!-- region \S+ \S+ -->\n```cpp$/gm)?.length).toBe(blocks.length);
  });
});

it('is a page that one reads at a sitting', () => {
  const lines = readFileSync(join(root, 'docs/rtmodel-integration.md'), 'utf8').split('\n');
  expect(lines.length).toBeLessThan(200);
});

describe('withRegions', () => {
  const source = 'a();\n  // [guide: b]\n  if (b) {\n    c();\n  }\n  // [end]\n';
  const shown = '<!-- region x.cpp b -->\n```cpp\nif (b) {\n  c();\n}\n```\n\n';

  it('includes a region without its indent', () => {
    expect(withRegions('<!-- region x.cpp b -->\nThen.', () => source)).toBe(`${shown}Then.`);
  });

  it('replaces what is out of date, and changes nothing twice', () => {
    const stale = '<!-- region x.cpp b -->\n```cpp\nold();\n```\n\nThen.';
    expect(withRegions(stale, () => source)).toBe(`${shown}Then.`);
    expect(withRegions(`${shown}Then.`, () => source)).toBe(`${shown}Then.`);
  });

  it('names a region that is not there, and the file', () => {
    expect(() => withRegions('<!-- region x.cpp d -->\n', () => source)).toThrow(
      'x.cpp has no region "d": mark it with "// [guide: d]" and "// [end]".',
    );
  });
});
