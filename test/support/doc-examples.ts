import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** Something that a document gives as an example, and where. */
export interface Example {
  /** Such as `docs/replay.md:9`. */
  readonly where: string;
  readonly text: string;
  /** Of a code block: to be run as it is written. Else part of a sentence, where arguments may be left out. */
  readonly isWhole: boolean;
}

const filesIn = (folder: string, ending: string) =>
  readdirSync(join(root, folder))
    .filter((name) => name.endsWith(ending))
    .map((name) => join(folder, name));

/** What users read; decisions (docs/adr) and the changelog tell of what was. */
export function documents(): readonly string[] {
  const readmes = readdirSync(join(root, 'plugins')).map((name) => `plugins/${name}/README.md`);
  return [
    'README.md',
    'ARCHITECTURE.md',
    'CONTRIBUTING.md',
    'SECURITY.md',
    'models/README.md',
    'src/plugin-sdk/README.md',
    ...filesIn('docs', '.md'),
    ...filesIn('config', '.yaml'),
    ...filesIn('deploy', '.yaml'),
    ...readmes.filter((path) => existsSync(join(root, path))),
  ];
}

/** Every match of the pattern in the text of a document, with its groups. */
export function matchesIn(document: string, pattern: RegExp) {
  const lines = readFileSync(join(root, document), 'utf8').split('\n');
  return lines.flatMap((line, index) =>
    [...line.matchAll(pattern)].map((match) => ({ where: `${document}:${index + 1}`, match })),
  );
}

/** Text without the comment of a shell. */
const withoutComment = (line: string) => line.replace(/\s#\s.*$/, '').replace(/\s*&$/, '');

/** Command lines of code blocks (continued lines joined) and code spans of sentences and tables. */
export function codeIn(document: string): readonly Example[] {
  const lines = readFileSync(join(root, document), 'utf8').split('\n');
  const found: Example[] = [];
  let isFenced = document.endsWith('.yaml');
  let joined = '';
  for (const [index, line] of lines.entries()) {
    const where = `${document}:${index + 1}`;
    if (!document.endsWith('.yaml') && /^\s*```/.test(line)) isFenced = !isFenced;
    else if (isFenced && !document.endsWith('.yaml')) {
      joined += withoutComment(line);
      if (joined.endsWith('\\')) joined = joined.slice(0, -1);
      else {
        found.push({ where, text: joined.trim(), isWhole: true });
        joined = '';
      }
    }
    if (isFenced && !document.endsWith('.yaml')) continue;
    for (const [, text = ''] of line.matchAll(/`([^`]+)`/g)) {
      found.push({ where, text: text.replaceAll('\\|', '|'), isWhole: false });
    }
  }
  return found;
}

/** As a shell would split it; quotes only as far as documents need them. */
export function words(line: string): readonly string[] {
  return [...line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, plain]) => double ?? single ?? plain ?? '',
  );
}
