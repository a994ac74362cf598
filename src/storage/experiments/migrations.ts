import { type Kysely, type Migration, type MigrationProvider, Migrator, sql } from 'kysely';

/** Which database: the only difference between the two is how a row is numbered. */
export type DatabaseKind = 'sqlite' | 'postgres';

const experiments = (kind: DatabaseKind): Migration => ({
  async up(db: Kysely<unknown>) {
    const numbered = (table: string) =>
      kind === 'postgres'
        ? db.schema
            .createTable(table)
            .addColumn('sequence', 'bigserial', (column) => column.primaryKey())
        : db.schema
            .createTable(table)
            .addColumn('sequence', 'integer', (column) => column.primaryKey().autoIncrement());

    await db.schema
      .createTable('experiments')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('definition', 'text', (column) => column.notNull())
      .addColumn('ramp', 'text', (column) => column.notNull())
      .addColumn('updated_at_ms', 'bigint', (column) => column.notNull())
      .execute();
    await numbered('assignments')
      .addColumn('experiment', 'text', (column) => column.notNull())
      .addColumn('unit', 'text', (column) => column.notNull())
      .addColumn('arm', 'text')
      .addColumn('reason', 'text', (column) => column.notNull())
      .addColumn('shares', 'text', (column) => column.notNull())
      .addColumn('at_ms', 'bigint', (column) => column.notNull())
      .addUniqueConstraint('assignments_one_per_unit', ['experiment', 'unit'])
      .execute();
    await numbered('outcomes')
      .addColumn('experiment', 'text', (column) => column.notNull())
      .addColumn('session', 'text', (column) => column.notNull())
      .addColumn('unit', 'text', (column) => column.notNull())
      .addColumn('arm', 'text', (column) => column.notNull())
      .addColumn('features', 'text', (column) => column.notNull())
      .addColumn('opened_at_ms', 'bigint', (column) => column.notNull())
      .addColumn('status', 'text', (column) =>
        column.notNull().check(sql`status in ('open', 'finished', 'lost')`),
      )
      .addColumn('metrics', 'text', (column) => column.notNull())
      .addColumn('ended_at_ms', 'bigint')
      .addUniqueConstraint('outcomes_one_per_session', ['experiment', 'session'])
      .execute();
    await db.schema
      .createIndex('outcomes_open')
      .on('outcomes')
      .columns(['status', 'opened_at_ms'])
      .execute();
    await db.schema
      .createTable('shadow_outcomes')
      .addColumn('experiment', 'text', (column) => column.notNull())
      .addColumn('session', 'text', (column) => column.notNull())
      .addColumn('arm', 'text', (column) => column.notNull())
      .addColumn('metrics', 'text', (column) => column.notNull())
      .addColumn('dropped', 'integer', (column) => column.notNull())
      .addColumn('at_ms', 'bigint', (column) => column.notNull())
      .addPrimaryKeyConstraint('shadow_outcomes_one_per_arm', ['experiment', 'session', 'arm'])
      .execute();
  },
});

/** Whole sessions are dropped, not questions; what an arm would have advised is told by role. */
const shadowRoles: Migration = {
  async up(db: Kysely<unknown>) {
    const table = () => db.schema.alterTable('shadow_outcomes');
    await table()
      .addColumn('served', 'text', (column) => column.notNull().defaultTo(''))
      .execute();
    await table()
      .addColumn('roles', 'text', (column) => column.notNull().defaultTo('[]'))
      .execute();
    await table().dropColumn('dropped').execute();
  },
};

const promotions: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .createTable('promotions')
      .addColumn('experiment', 'text', (column) => column.notNull())
      .addColumn('configuration', 'text', (column) => column.notNull())
      .addColumn('state', 'text', (column) =>
        column.notNull().check(sql`state in ('moving', 'moved', 'failed')`),
      )
      .addColumn('attempts', 'integer', (column) => column.notNull())
      .addColumn('problem', 'text', (column) => column.notNull())
      .addColumn('at_ms', 'bigint', (column) => column.notNull())
      .addPrimaryKeyConstraint('promotions_one_per_file', ['experiment', 'configuration'])
      .execute();
  },
};

/** Hosts at one database lose each other's sessions only when their owner is known to have ended. */
const outcomeHosts: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .alterTable('outcomes')
      .addColumn('host', 'text', (column) => column.notNull().defaultTo(''))
      .execute();
  },
};

/** A shadow arm that was computed on no plan must not vanish, nor its reason. */
const shadowLosses: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .alterTable('shadow_outcomes')
      .addColumn('lost', 'text', (column) => column.notNull().defaultTo(''))
      .execute();
  },
};

/** In order. A migration that was released is never changed; a new one is added. */
const migrations = (kind: DatabaseKind): Readonly<Record<string, Migration>> => ({
  '0001-experiments': experiments(kind),
  '0002-shadow-roles': shadowRoles,
  '0003-promotions': promotions,
  '0004-outcome-hosts': outcomeHosts,
  '0005-shadow-losses': shadowLosses,
});

/** Whether the database is of exactly this version. Only reads, so that a look at a locked file does not wait. */
async function isCurrent<Schema>(db: Kysely<Schema>, migrator: Migrator): Promise<boolean> {
  const known = await migrator.getMigrations();
  if (known.some(({ executedAt }) => executedAt === undefined)) return false;
  const table = db as unknown as Kysely<{ kysely_migration: { readonly name: string } }>;
  const applied = await table.selectFrom('kysely_migration').select('name').execute();
  return applied.length === known.length;
}

/** Brings a database to this version. Several hosts may do so at once. @throws what went wrong. */
export async function migrate<Schema>(db: Kysely<Schema>, kind: DatabaseKind): Promise<void> {
  const provider: MigrationProvider = { getMigrations: async () => ({ ...migrations(kind) }) };
  const migrator = new Migrator({ db, provider });
  if (await isCurrent(db, migrator)) return;
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw error;
}
