import { storeEnding, type TakenOver } from '../domain/plan-ending.js';
import { readSpool } from './ending-spool.js';
import type { HostClaim } from './host-claim.js';
import type { SqlOutcomes } from './outcome-table.js';

/**
 * Stores what hosts put aside that no longer run, and loses their other open sessions. Sessions of a host that lives are its own.
 * Two hosts may do so at once: the first end of a session stands. @throws when the database fails; nothing is removed then.
 */
export async function takeOver(
  claim: HostClaim,
  outcomes: SqlOutcomes,
  atMs: number,
): Promise<TakenOver> {
  let [stored, lost] = [0, 0];
  for (const id of claim.ended()) {
    for (const ending of readSpool(claim.spoolOf(id))) {
      if (await storeEnding(outcomes, ending)) stored += 1;
    }
    lost += await outcomes.loseOf(id, atMs);
    claim.forget(id);
  }
  return { stored, lost };
}
