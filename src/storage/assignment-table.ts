import type { Selectable } from 'kysely';
import type {
  Assignment,
  AssignmentProposal,
  AssignmentReason,
  AssignmentStore,
} from '../domain/experiments.js';
import type { AssignmentTable } from './database-schema.js';
import type { ExperimentDatabase } from './experiment-database.js';

/** Units of one statement. */
const BATCH_UNITS = 256;

interface Waiting {
  readonly proposal: AssignmentProposal;
  readonly resolve: (assignment: Assignment) => void;
  readonly reject: (error: unknown) => void;
}

function toAssignment(row: Selectable<AssignmentTable>): Assignment {
  return {
    sequence: row.sequence,
    experiment: row.experiment,
    unit: row.unit,
    arm: row.arm ?? undefined,
    reason: row.reason as AssignmentReason,
    shares: JSON.parse(row.shares) as Assignment['shares'],
    atMs: row.at_ms,
  };
}

function toRow({ experiment, unit, arm, reason, shares, atMs }: AssignmentProposal) {
  return {
    ...{ experiment, unit, arm: arm ?? null, reason },
    ...{ shares: JSON.stringify(shares), at_ms: atMs },
  };
}

/**
 * Assignments in a database. The unique key of experiment and unit decides between hosts that ask at the same time. What is asked
 * while a statement runs becomes the next statement: a round trip and a commit for all instead of for each.
 */
export class SqlAssignments implements AssignmentStore {
  readonly #db: ExperimentDatabase;
  #waiting: Waiting[] = [];
  #isRunning = false;

  constructor(db: ExperimentDatabase) {
    this.#db = db;
  }

  assign(proposal: AssignmentProposal): Promise<Assignment> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ proposal, resolve, reject });
      if (!this.#isRunning) void this.#run();
    });
  }

  async hasUnits(experiment: string): Promise<boolean> {
    const row = await this.#db
      .selectFrom('assignments')
      .select('sequence')
      .where('experiment', '=', experiment)
      .limit(1)
      .executeTakeFirst();
    return row !== undefined;
  }

  async assignments(experiment: string): Promise<readonly Assignment[]> {
    const rows = await this.#db
      .selectFrom('assignments')
      .selectAll()
      .where('experiment', '=', experiment)
      .orderBy('sequence')
      .execute();
    return rows.map(toAssignment);
  }

  /** Never rejects. */
  async #run(): Promise<void> {
    this.#isRunning = true;
    // What else comes in this turn of the event loop joins the first statement.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const experiment = this.#waiting[0]?.proposal.experiment;
      const batch = this.#waiting
        .filter(({ proposal }) => proposal.experiment === experiment)
        .slice(0, BATCH_UNITS);
      const taken = new Set(batch);
      this.#waiting = this.#waiting.filter((one) => !taken.has(one));
      try {
        const standing = await this.#assignAll(batch.map(({ proposal }) => proposal));
        for (const { proposal, resolve, reject } of batch) {
          const assignment = standing.get(proposal.unit);
          if (assignment !== undefined) resolve(assignment);
          else reject(new Error(`an assignment of ${proposal.experiment} was deleted`));
        }
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    this.#isRunning = false;
  }

  /** The assignments that stand, by unit. All proposals are of one experiment. */
  async #assignAll(
    proposals: readonly AssignmentProposal[],
  ): Promise<ReadonlyMap<string, Assignment>> {
    const experiment = proposals[0]?.experiment ?? '';
    const byUnit = new Map<string, AssignmentProposal>();
    for (const proposal of proposals) {
      if (!byUnit.has(proposal.unit)) byUnit.set(proposal.unit, proposal);
    }
    // Two hosts that lock the same units in different orders would wait for each other.
    const units = [...byUnit.keys()].sort();
    const standing = new Map<string, Assignment>();
    const keep = (rows: readonly Selectable<AssignmentTable>[]) => {
      for (const row of rows) standing.set(row.unit, toAssignment(row));
    };
    const missing = () => units.filter((unit) => !standing.has(unit));
    keep(await this.#read(experiment, units));
    const proposed = missing().flatMap((unit) => byUnit.get(unit) ?? []);
    if (proposed.length === 0) return standing;
    keep(
      await this.#db
        .insertInto('assignments')
        .values(proposed.map(toRow))
        .onConflict((conflict) => conflict.columns(['experiment', 'unit']).doNothing())
        .returningAll()
        .execute(),
    );
    // Where another host was quicker: what it stored is committed, or the insert would still wait for it.
    const others = missing();
    if (others.length > 0) keep(await this.#read(experiment, others));
    return standing;
  }

  #read(
    experiment: string,
    units: readonly string[],
  ): Promise<readonly Selectable<AssignmentTable>[]> {
    return this.#db
      .selectFrom('assignments')
      .selectAll()
      .where('experiment', '=', experiment)
      .where('unit', 'in', units)
      .execute();
  }
}
