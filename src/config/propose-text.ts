import { describeThrown, HostError } from '../domain/host-error.js';
import type { ChangeRequest } from '../domain/operations.js';
import type { Role } from '../plugin-sdk/index.js';
import { editsFor } from './change-edits.js';
import type { FileText } from './config-files.js';
import type { RawConfig } from './config-schema.js';
import { diffConfig } from './diff-config.js';
import { editYaml } from './edit-yaml.js';
import type { GenerationHistory } from './generation-history.js';
import type { InForce, LiveConfigOptions } from './live-parts.js';
import { parseConfig } from './read-config.js';
import { formatPath } from './yaml-document.js';

type Where = Pick<LiveConfigOptions, 'file' | 'files' | 'history'>;

/**
 * The text that the file would have after a change.
 * @throws HostError when the change does not fit what the operator looked at, what the file says or what is kept.
 */
export async function proposeText(
  request: ChangeRequest,
  { loaded, text }: InForce,
  where: Where,
): Promise<string> {
  const { change, origin, expectedGeneration: expected } = request;
  for (const [field, value] of Object.entries({ who: origin.who, why: origin.why })) {
    if (value.trim() === '') throw new HostError('invalid-field', { field, problem: 'is empty' });
  }
  const current = loaded.config.generation;
  if (expected !== undefined && expected !== current) {
    throw new HostError('config-conflict', { expected, current });
  }
  const { file, files, history } = where;
  let now: FileText;
  try {
    now = await files.read(file);
  } catch (thrown) {
    const problem = describeThrown(thrown);
    throw new HostError('config-missing', { file, problem, generation: current });
  }
  if (change.kind === 'reload') return now.text;
  if (now.sha256 !== text.sha256) throw new HostError('config-edited', { file });
  if (change.kind === 'rollback') return formerText(change.generation, history);
  const lastPlugin = (role: Role) => findLastPlugin(role, history, file);
  const edits = editsFor(change, { raw: loaded.raw, lastPlugin });
  const edited = editYaml(now.text, edits, file);
  checkSideEffects(
    loaded.raw,
    edited,
    file,
    edits.map(({ path }) => formatPath(path)),
  );
  return edited;
}

function formerText(generation: number | undefined, history: GenerationHistory): string {
  const wanted = generation ?? history.records[1]?.generation;
  const former = wanted === undefined ? undefined : history.textOf(wanted);
  if (former !== undefined) return former;
  const known = history.kept.join(', ') || 'none';
  throw new HostError('generation-unknown', { generation: wanted ?? 'before the first', known });
}

function findLastPlugin(role: Role, history: GenerationHistory, file: string): string | undefined {
  for (const { generation } of history.records) {
    const text = history.textOf(generation);
    if (text === undefined) continue;
    try {
      const { plugin } = parseConfig(text, file).raw.roles[role];
      if (plugin !== 'off') return plugin;
    } catch {
      // Kept by a host of another version, whose keys this one does not know.
    }
  }
  return undefined;
}

/** An anchor gives one node several places: an edit of one would change the others unasked. */
function checkSideEffects(
  before: RawConfig,
  text: string,
  file: string,
  paths: readonly string[],
): void {
  const beside = diffConfig(before, parseConfig(text, file).raw).find(
    ({ path }) => !paths.some((one) => path === one || path.startsWith(`${one}.`)),
  );
  if (beside === undefined) return;
  const problem = `it would change ${beside.path} as well`;
  throw new HostError('config-not-editable', { file, path: paths.join(', '), problem });
}
