import type { Selectable } from 'kysely';
import type {
  OutcomeOpening,
  OutcomeRecord,
  OutcomeStore,
} from '../../domain/experiments/experiments.js';
import type { ShadowLoss, ShadowOutcome } from '../../domain/shadow/shadow-outcome.js';
import type { OutcomeTable } from './database-schema.js';
import type { ExperimentDatabase } from './experiment-database.js';

type Numbers = Readonly<Record<string, number>>;

/** JSON has no infinite numbers: what is not finite is left out, as if it had not been sent. */
const write = (numbers: Numbers): string =>
  JSON.stringify(Object.fromEntries(Object.entries(numbers).filter(([, n]) => Number.isFinite(n))));
const read = (text: string): Numbers => JSON.parse(text) as Numbers;

function toRecord(row: Selectable<OutcomeTable>): OutcomeRecord {
  return {
    sequence: row.sequence,
    experiment: row.experiment,
    session: row.session,
    unit: row.unit,
    arm: row.arm,
    features: read(row.features),
    atMs: row.opened_at_ms,
    status: row.status,
    metrics: read(row.metrics),
    endedAtMs: row.ended_at_ms ?? undefined,
  };
}

/**
 * Outcomes in a database: one row a session, made before the plan is accepted, ended once. Ending is an update of a row that is
 * still open, so that of two ends only the first counts, whichever hosts they come from.
 */
export class SqlOutcomes implements OutcomeStore {
  readonly #db: ExperimentDatabase;
  readonly #host: string;

  /** @param host Whose sessions those are that it opens; see HostClaim. */
  constructor(db: ExperimentDatabase, host = '') {
    this.#db = db;
    this.#host = host;
  }

  async open(opening: OutcomeOpening): Promise<boolean> {
    const { experiment, session, unit, arm, features, atMs } = opening;
    const { numInsertedOrUpdatedRows } = await this.#db
      .insertInto('outcomes')
      .values({
        experiment,
        session,
        unit,
        arm,
        features: write(features),
        opened_at_ms: atMs,
        status: 'open',
        metrics: '{}',
        ended_at_ms: null,
        host: this.#host,
      })
      .onConflict((conflict) => conflict.columns(['experiment', 'session']).doNothing())
      .executeTakeFirstOrThrow();
    return (numInsertedOrUpdatedRows ?? 0n) > 0n;
  }

  finish(experiment: string, session: string, metrics: Numbers, atMs: number): Promise<boolean> {
    return this.#end(experiment, session, 'finished', metrics, atMs);
  }

  lose(experiment: string, session: string, atMs: number): Promise<boolean> {
    return this.#end(experiment, session, 'lost', {}, atMs);
  }

  async reopen(experiment: string, session: string): Promise<boolean> {
    const { numUpdatedRows } = await this.#db
      .updateTable('outcomes')
      .set({ status: 'open', ended_at_ms: null, host: this.#host })
      .where('experiment', '=', experiment)
      .where('session', '=', session)
      .where('status', '!=', 'finished')
      .executeTakeFirstOrThrow();
    return numUpdatedRows > 0n;
  }

  async loseOpenedBefore(openedBeforeMs: number, atMs: number): Promise<number> {
    const { numUpdatedRows } = await this.#db
      .updateTable('outcomes')
      .set({ status: 'lost', ended_at_ms: atMs })
      .where('status', '=', 'open')
      .where('opened_at_ms', '<', openedBeforeMs)
      .executeTakeFirstOrThrow();
    return Number(numUpdatedRows);
  }

  /** Loses the open sessions of a host. Returns how many. */
  async loseOf(host: string, atMs: number): Promise<number> {
    const { numUpdatedRows } = await this.#db
      .updateTable('outcomes')
      .set({ status: 'lost', ended_at_ms: atMs })
      .where('status', '=', 'open')
      .where('host', '=', host)
      .executeTakeFirstOrThrow();
    return Number(numUpdatedRows);
  }

  async outcomes(experiment: string): Promise<readonly OutcomeRecord[]> {
    const rows = await this.#db
      .selectFrom('outcomes')
      .selectAll()
      .where('experiment', '=', experiment)
      .orderBy('sequence')
      .execute();
    return rows.map(toRecord);
  }

  async shadow(outcome: ShadowOutcome): Promise<boolean> {
    const { experiment, session, arm, served, metrics, roles, lost = '', atMs } = outcome;
    const { numInsertedOrUpdatedRows } = await this.#db
      .insertInto('shadow_outcomes')
      .values({
        experiment,
        session,
        arm,
        served,
        metrics: write(metrics),
        roles: JSON.stringify(roles),
        lost,
        at_ms: atMs,
      })
      .onConflict((conflict) => conflict.columns(['experiment', 'session', 'arm']).doNothing())
      .executeTakeFirstOrThrow();
    return (numInsertedOrUpdatedRows ?? 0n) > 0n;
  }

  async shadows(experiment: string): Promise<readonly ShadowOutcome[]> {
    const rows = await this.#db
      .selectFrom('shadow_outcomes')
      .selectAll()
      .where('experiment', '=', experiment)
      .orderBy('session')
      .orderBy('arm')
      .execute();
    return rows.map((row) => ({
      experiment: row.experiment,
      session: row.session,
      arm: row.arm,
      served: row.served,
      metrics: read(row.metrics),
      atMs: row.at_ms,
      roles: JSON.parse(row.roles) as ShadowOutcome['roles'],
      ...(row.lost === '' ? {} : { lost: row.lost as ShadowLoss }),
    }));
  }

  async #end(
    experiment: string,
    session: string,
    status: 'finished' | 'lost',
    metrics: Numbers,
    atMs: number,
  ): Promise<boolean> {
    const { numUpdatedRows } = await this.#db
      .updateTable('outcomes')
      .set({ status, metrics: write(metrics), ended_at_ms: atMs })
      .where('experiment', '=', experiment)
      .where('session', '=', session)
      .where('status', '=', 'open')
      // A plan that was lost here may go on elsewhere.
      .$if(status === 'lost', (ending) => ending.where('host', '=', this.#host))
      .executeTakeFirstOrThrow();
    return numUpdatedRows > 0n;
  }
}
