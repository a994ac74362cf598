import { type Document, isNode, isScalar, LineCounter, parseDocument, visit } from 'yaml';
import { describeThrown } from '../domain/errors/host-error.js';

export type Path = readonly (string | number)[];

/** One thing wrong with a configuration, and where. */
export interface ConfigFault {
  /** From 1; 0 when the file has no such place. */
  readonly line: number;
  /** Such as `server.max_sessions`; empty for the whole file. */
  readonly path: string;
  readonly problem: string;
}

/** A parsed YAML file that remembers its lines. */
export interface YamlDocument {
  readonly value: unknown;
  readonly faults: readonly ConfigFault[];
  /** Line of the deepest part of the path that is in the file. */
  lineOf(path: Path): number;
}

export function formatPath(path: Path): string {
  return path.reduce<string>(
    (text, part) =>
      typeof part === 'number' ? `${text}[${part}]` : text === '' ? part : `${text}.${part}`,
    '',
  );
}

/** Where they stand. */
function unresolvedAliases(document: Document): readonly number[] {
  const offsets: number[] = [];
  visit(document, {
    Alias: (_key, alias) => {
      if (alias.resolve(document) === undefined) offsets.push(alias.range?.[0] ?? 0);
    },
  });
  return offsets;
}

/** Keys that are written twice, those that are no text, and one that objects have a meaning for. */
function oddKeys(document: Document): readonly { offset: number; problem: string }[] {
  const odd: { offset: number; problem: string }[] = [];
  visit(document, {
    Map: (_key, map) => {
      const seen = new Set<string>();
      for (const { key } of map.items) {
        const offset = isNode(key) ? (key.range?.[0] ?? 0) : 0;
        if (!isScalar(key) || typeof key.value !== 'string') {
          odd.push({ offset, problem: 'has a key that is not a text; put it in quotes' });
        } else if (key.value === '__proto__') {
          // No name of anything, and left out without a word by what checks the rest.
          odd.push({
            offset,
            problem: 'has the key `__proto__`, which names nothing; leave it out',
          });
        } else if (seen.has(key.value)) {
          odd.push({ offset, problem: `has the key \`${key.value}\` twice; keep one` });
        } else seen.add(key.value);
      }
    },
  });
  return odd;
}

export function parseYaml(text: string): YamlDocument {
  const lines = new LineCounter();
  // Its own search for keys written twice compares each with all others: minutes for a megabyte of them.
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: false,
  });
  const lineAt = (offset: number) => lines.linePos(offset).line;
  const faults = document.errors.map((error) => ({
    line: lineAt(error.pos[0]),
    path: '',
    problem: `is not valid YAML: ${error.message}`,
  }));
  for (const { offset, problem } of oddKeys(document)) {
    faults.push({ line: lineAt(offset), path: '', problem });
  }
  for (const offset of unresolvedAliases(document)) {
    faults.push({
      line: lineAt(offset),
      path: '',
      problem: 'names an anchor that is not set before it',
    });
  }
  let value: unknown;
  try {
    if (faults.length === 0) value = document.toJS() as unknown;
  } catch (thrown) {
    // Such as aliases that unfold into millions of values.
    const problem = describeThrown(thrown);
    faults.push({ line: 1, path: '', problem: `cannot be read as YAML: ${problem}` });
  }
  return {
    value,
    faults,
    lineOf: (path) => {
      for (let length = path.length; length > 0; length -= 1) {
        const node = document.getIn(path.slice(0, length), true);
        if (isNode(node) && node.range) return lineAt(node.range[0]);
      }
      return 1;
    },
  };
}
