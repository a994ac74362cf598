import type { EarlierSession } from '../../domain/session/decision-journal.js';
import { ROLES } from '../../plugin-sdk/index.js';
import { journalPath } from './clean-journals.js';
import { checkLine, FIRST_PREVIOUS } from './journal-chain.js';
import type { OpeningEntry } from './journal-entries.js';
import { linesOf, readWhole } from './verify-journal.js';

/** A session that moves more often is not going anywhere. */
const MOST_PARTS = 64;

/** What a journal tells of a session that may go on. */
export interface FoundSession {
  readonly session: EarlierSession;
  /** What its client must prove. */
  readonly resumeSha256: string;
  /** Since 1970, of its newest file. */
  readonly writtenMs: number;
}

async function newestPart(
  directory: string,
  sessionId: string,
): Promise<{ readonly part: number; readonly bytes: Buffer } | undefined> {
  let newest: { part: number; bytes: Buffer } | undefined;
  for (let part = 0; part < MOST_PARTS; part += 1) {
    try {
      newest = { part, bytes: await readWhole(journalPath(directory, sessionId, part)) };
    } catch {
      return newest;
    }
  }
  return undefined;
}

/** Reads the newest file of a session as far as it is whole. Undefined where it is over, or tells nothing. Never rejects. */
export async function readEarlier(
  directory: string,
  sessionId: string,
): Promise<FoundSession | undefined> {
  const newest = await newestPart(directory, sessionId);
  if (newest === undefined) return undefined;
  let opening: OpeningEntry | undefined;
  let previous = newest.part === 0 ? FIRST_PREVIOUS : undefined;
  let resumeSha256 = '';
  let resumptions = 0;
  for (const line of linesOf(newest.bytes).lines) {
    const checked = checkLine(line, previous);
    // A host that was killed may have left half a line.
    if (typeof checked === 'string') break;
    const { entry, sha256 } = checked;
    previous = sha256;
    if (entry['kind'] === 'opening') {
      opening = entry as unknown as OpeningEntry;
      resumptions = opening.resumptions ?? 0;
      resumeSha256 = opening.resume_sha256;
    } else if (entry['kind'] === 'resumed') {
      resumptions += 1;
      resumeSha256 = String(entry['resume_sha256']);
    }
    // A host that went away in good order may be followed; every other end is one.
    const isOver = entry['kind'] === 'close' && entry['reason'] !== 'drained';
    if (entry['kind'] === 'finish' || isOver) return undefined;
  }
  if (opening === undefined || previous === undefined || opening.session !== sessionId) {
    return undefined;
  }
  return {
    session: {
      sessionId,
      arm: opening.arm,
      rolesSha256: opening.roles_sha256,
      bindings: bindingsOf(opening),
      resumptions,
      part: newest.part + 1,
      head: previous,
    },
    resumeSha256,
    writtenMs: Date.parse(opening.at),
  };
}

function bindingsOf({ bindings }: OpeningEntry): EarlierSession['bindings'] {
  return bindings.flatMap((binding) => {
    const role = ROLES.find((known) => known === binding.role);
    if (role === undefined) return [];
    const { plugin, version: pluginVersion, model, model_sha256: modelSha256, arm } = binding;
    return [{ role, plugin, pluginVersion, model, modelSha256, arm }];
  });
}
