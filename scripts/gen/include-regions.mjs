// Puts regions of source files into a document, so that what it shows is what is compiled. In the document:
//   <!-- region PATH NAME -->   followed by the code block, which is made anew;
// in the source: `// [guide: NAME]` ... `// [end]`.
import { readFileSync } from 'node:fs';

const LANGUAGES = { h: 'cpp', cpp: 'cpp', c: 'c', txt: 'cmake' };

function regionOf(source, path, name) {
  const lines = source.split('\n');
  const first = lines.findIndex((line) => line.trim() === `// [guide: ${name}]`);
  const length = lines.slice(first + 1).findIndex((line) => line.trim() === '// [end]');
  if (first < 0 || length < 0) {
    throw new Error(
      `${path} has no region "${name}": mark it with "// [guide: ${name}]" and "// [end]".`,
    );
  }
  const region = lines.slice(first + 1, first + 1 + length);
  const indents = region.filter((line) => line.trim() !== '').map((line) => line.search(/\S/));
  const indent = Math.min(...indents);
  return region.map((line) => line.slice(indent).trimEnd()).join('\n');
}

/** The document with every code block behind a region's mark made from `read(path)`. */
export function withRegions(document, read) {
  const mark = /^<!-- region (\S+) (\S+) -->\n(?:```\w+\n[\s\S]*?\n```\n+)?/gm;
  return document.replace(mark, (_, path, name) => {
    const language = LANGUAGES[path.split('.').at(-1)];
    return `<!-- region ${path} ${name} -->\n\`\`\`${language}\n${regionOf(read(path), path, name)}\n\`\`\`\n\n`;
  });
}

/** The document at a path of the repository with its regions made anew. */
export function includeRegions(path, root = new URL('../../', import.meta.url)) {
  const read = (file) => readFileSync(new URL(file, root), 'utf8');
  return withRegions(read(path), read);
}
