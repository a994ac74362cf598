import type { Selectable } from 'kysely';
import type {
  Experiment,
  ExperimentStore,
  RampPosition,
  StoredExperiment,
} from '../../domain/experiments/experiments.js';
import type { ExperimentTable } from './database-schema.js';
import type { ExperimentDatabase } from './experiment-database.js';

/** Always in this order, so that equal positions are equal texts. */
const write = (ramp: RampPosition): string => {
  const { step, sinceMs, state, reason, stoppedArms, promotedArm, overriddenDecision } = ramp;
  const first = { step, sinceMs, state, reason, stoppedArms };
  return JSON.stringify({ ...first, promotedArm, overriddenDecision });
};

const toStored = (row: Selectable<ExperimentTable>): StoredExperiment => ({
  experiment: JSON.parse(row.definition) as Experiment,
  ramp: JSON.parse(row.ramp) as RampPosition,
  updatedAtMs: row.updated_at_ms,
});

/** Experiments in a database, ended ones included. */
export class SqlExperiments implements ExperimentStore {
  readonly #db: ExperimentDatabase;

  constructor(db: ExperimentDatabase) {
    this.#db = db;
  }

  async put(experiment: Experiment, ramp: RampPosition, atMs: number): Promise<void> {
    const definition = JSON.stringify(experiment);
    await this.#db
      .insertInto('experiments')
      .values({ id: experiment.id, definition, ramp: write(ramp), updated_at_ms: atMs })
      .onConflict((conflict) =>
        conflict.column('id').doUpdateSet({ definition, updated_at_ms: atMs }),
      )
      .execute();
  }

  async replaceRamp(
    id: string,
    from: RampPosition,
    next: RampPosition,
    atMs: number,
  ): Promise<boolean> {
    const { numUpdatedRows } = await this.#db
      .updateTable('experiments')
      .set({ ramp: write(next), updated_at_ms: atMs })
      .where('id', '=', id)
      .where('ramp', '=', write(from))
      .executeTakeFirstOrThrow();
    return numUpdatedRows > 0n;
  }

  async get(id: string): Promise<StoredExperiment | undefined> {
    const row = await this.#db
      .selectFrom('experiments')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirst();
    return row && toStored(row);
  }

  async list(): Promise<readonly StoredExperiment[]> {
    const rows = await this.#db.selectFrom('experiments').selectAll().orderBy('id').execute();
    return rows.map(toStored);
  }
}
