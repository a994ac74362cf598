import { isScalar, parseDocument, stringify } from 'yaml';
import { describeThrown, HostError } from '../../domain/errors/host-error.js';
import { yieldToEventLoop } from '../../system/yield-to-event-loop.js';
import { formatPath, type Path } from '../yaml-document.js';

/** A value to put at a path; undefined takes it out. */
export interface Edit {
  readonly path: Path;
  readonly value: unknown;
}

/**
 * Edits a YAML text. A value that is written out is replaced where it stands, so that nothing else moves; anything more goes
 * through the document, which keeps comments and order but may space them its own way.
 * @throws HostError `config-not-editable`, such as below an alias.
 */
export async function editYaml(
  text: string,
  edits: readonly Edit[],
  file: string,
): Promise<string> {
  let edited = text;
  for (const edit of edits) {
    await yieldToEventLoop();
    try {
      edited = apply(edited, edit);
    } catch (thrown) {
      const params = { file, path: formatPath(edit.path), problem: describeThrown(thrown) };
      throw new HostError('config-not-editable', params, { cause: thrown });
    }
  }
  return edited;
}

function apply(text: string, { path, value }: Edit): string {
  const document = parseDocument(text);
  const node = document.getIn(path, true);
  if (value === undefined) {
    if (node === undefined) return text;
    document.deleteIn(path);
    return print(document);
  }
  const isInPlace = isScalar(node) && node.range && !node.anchor && typeof value !== 'object';
  if (isInPlace && node.range) {
    const [start, end] = node.range;
    return `${text.slice(0, start)}${stringify(value).trimEnd()}${text.slice(end)}`;
  }
  document.setIn(path, value);
  return print(document);
}

/** Without folding long lines: a comment or a list stays on its own. */
function print(document: ReturnType<typeof parseDocument>): string {
  return document.toString({ lineWidth: 0 });
}
