import { isNode, LineCounter, parseDocument } from 'yaml';

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

export function parseYaml(text: string): YamlDocument {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const lineAt = (offset: number) => lines.linePos(offset).line;
  const faults = document.errors.map((error) => ({
    line: lineAt(error.pos[0]),
    path: '',
    problem: `is not valid YAML: ${error.message}`,
  }));
  return {
    value: faults.length === 0 ? (document.toJS() as unknown) : undefined,
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
