import { describeThrown } from '../../domain/errors/host-error.js';
import { storeEnding, type TakenOver } from '../../domain/experiments/plan-ending.js';
import { StorageFault } from './embedded/statements.js';
import { readSpool } from './ending-spool.js';
import type { HostClaim } from './host-claim.js';
import type { SqlOutcomes } from './outcome-table.js';

/** SQLSTATE classes of PostgreSQL for values that no row can have. */
const OF_VALUES = /^2[23]/;

/** Whether the row is at fault and not the database. */
function isOfTheRow(thrown: unknown): boolean {
  if (thrown instanceof StorageFault) return thrown.kind === 'statement';
  return thrown instanceof Error && 'code' in thrown && OF_VALUES.test(String(thrown.code));
}

/**
 * Stores what hosts put aside that no longer run, and loses their other open sessions. Sessions of a host that lives are its own.
 * Two hosts may do so at once: the first end of a session stands. @throws when the database fails; nothing is removed then.
 */
export async function takeOver(
  claim: HostClaim,
  outcomes: SqlOutcomes,
  atMs: number,
): Promise<TakenOver> {
  let [stored, lost, rejected] = [0, 0, 0];
  for (const id of claim.ended()) {
    for (const ending of readSpool(claim.spoolOf(id))) {
      try {
        if (await storeEnding(outcomes, ending)) stored += 1;
      } catch (thrown) {
        if (!isOfTheRow(thrown)) throw thrown;
        // No try could go otherwise, and it must not keep the others back.
        claim.reject(ending, describeThrown(thrown));
        rejected += 1;
      }
    }
    lost += await outcomes.loseOf(id, atMs);
    claim.forget(id);
  }
  return { stored, lost, rejected };
}
