import { PostgresAdapter, type RawBuilder, type Selectable, sql } from 'kysely';
import type {
  Assignment,
  AssignmentProposal,
  AssignmentReason,
  AssignmentStore,
} from '../../domain/experiments/experiments.js';
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

const COLUMNS = ['experiment', 'unit', 'arm', 'reason', 'shares', 'at_ms'] as const;

function toRow({ unit, arm, reason, shares, atMs }: AssignmentProposal) {
  return { unit, arm, reason, shares: JSON.stringify(shares), at_ms: atMs };
}

/** All proposals in one parameter: six for each of them would cost a statement more than its work. */
function proposedRows(
  db: ExperimentDatabase,
  experiment: string,
  proposals: readonly AssignmentProposal[],
): RawBuilder<unknown> {
  const rows = JSON.stringify(proposals.map(toRow));
  return db.getExecutor().adapter instanceof PostgresAdapter
    ? sql`select ${experiment}, p.* from json_to_recordset(${rows}::json)
        as p(unit text, arm text, reason text, shares text, at_ms bigint)`
    : // Without a condition SQLite takes the conflict's "on" for a join's.
      sql`select ${experiment}, value ->> 'unit', value ->> 'arm', value ->> 'reason', value ->> 'shares', value ->> 'at_ms'
        from json_each(${rows}) where true`;
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
      this.#waiting = this.#waiting.filter((waiting) => !taken.has(waiting));
      try {
        const standing = await this.#assignAll(batch.map(({ proposal }) => proposal));
        for (const { proposal, resolve, reject } of batch) {
          const assignment = standing.get(proposal.unit);
          if (assignment !== undefined) resolve(assignment);
          else reject(new Error(`no assignment of ${proposal.experiment} came back`));
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
    const sorted = [...byUnit.values()].toSorted((a, b) => (a.unit < b.unit ? -1 : 1));
    const rows = await this.#db
      .insertInto('assignments')
      .columns(COLUMNS)
      .expression(proposedRows(this.#db, experiment, sorted))
      // Changes nothing, but makes a unit that has an arm come back, too: also where another host commits it meanwhile.
      .onConflict((conflict) =>
        conflict
          .columns(['experiment', 'unit'])
          .doUpdateSet(({ ref }) => ({ unit: ref('excluded.unit') })),
      )
      .returningAll()
      .execute();
    return new Map(rows.map((row) => [row.unit, toAssignment(row)]));
  }
}
