import type { Promotion, PromotionStore } from '../../domain/experiments/experiments.js';
import type { ExperimentDatabase } from './experiment-database.js';

/** Promotions in a database; of two hosts that want to write, the one whose view is out of date does not. */
export class SqlPromotions implements PromotionStore {
  readonly #db: ExperimentDatabase;

  constructor(db: ExperimentDatabase) {
    this.#db = db;
  }

  async find(experiment: string, configuration: string): Promise<Promotion | undefined> {
    const row = await this.#db
      .selectFrom('promotions')
      .selectAll()
      .where('experiment', '=', experiment)
      .where('configuration', '=', configuration)
      .executeTakeFirst();
    if (row === undefined) return undefined;
    const { state, attempts, problem, at_ms: atMs } = row;
    return { experiment, configuration, state, attempts, problem, atMs };
  }

  async replace(before: Promotion | undefined, next: Promotion): Promise<boolean> {
    const { experiment, configuration, state, attempts, problem, atMs } = next;
    const written = { state, attempts, problem, at_ms: atMs };
    if (before === undefined) {
      const { numInsertedOrUpdatedRows } = await this.#db
        .insertInto('promotions')
        .values({ experiment, configuration, ...written })
        .onConflict((conflict) => conflict.columns(['experiment', 'configuration']).doNothing())
        .executeTakeFirstOrThrow();
      return (numInsertedOrUpdatedRows ?? 0n) > 0n;
    }
    const { numUpdatedRows } = await this.#db
      .updateTable('promotions')
      .set(written)
      .where('experiment', '=', experiment)
      .where('configuration', '=', configuration)
      .where('state', '=', before.state)
      .where('attempts', '=', before.attempts)
      .where('at_ms', '=', before.atMs)
      .executeTakeFirstOrThrow();
    return numUpdatedRows > 0n;
  }
}
