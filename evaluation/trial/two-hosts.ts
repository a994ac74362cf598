// Two hosts on one PostgreSQL, one of them killed under way: a unit has the same arm whichever it comes to.
import { join, resolve } from 'node:path';
import { startPostgres } from '../../src/storage/testing/postgres-server.js';
import { STARTS } from './definitions.js';
import { Records } from './evidence.js';
import { Kills } from './kills.js';
import { type PartWanted, runPlans } from './run-plans.js';
import { TrialHost } from './trial-host.js';
import { armIn, type Check } from './verify.js';

export interface TwoHostsWanted extends Omit<PartWanted, 'jobs'> {
  readonly models: string;
}

export interface TwoHostsResult {
  readonly units: number;
  /** Units that both hosts served. */
  readonly servedByBoth: number;
  readonly arms: Readonly<Record<string, number>>;
  readonly checks: readonly Check[];
}

/** It is about arms: a few coarse iterations will do. */
const QUICK = ['--beamlet-mm=15', '--max-iterations=3', '--no-safeguard'];

export async function runTwoHosts(wanted: TwoHostsWanted): Promise<TwoHostsResult> {
  const { folder, models, plans, say } = wanted;
  const server = await startPostgres(resolve('scripts/postgres'));
  const storage = await server.newDatabase();
  const hosts = ['one', 'other'].map((name) => {
    const common = { models, storage, experiments: [STARTS], address: '127.0.0.1:0' };
    return new TrialHost(join(folder, `${name}.yaml`), common);
  });
  try {
    await Promise.all(hosts.map((host) => host.start()));
    const common = { options: QUICK, jobs: 1, say };
    // At the same time, in opposite orders: in the middle both ask for the same units.
    const [one = [], other = []] = await Promise.all(
      hosts.map((host, index) =>
        runPlans(index === 0 ? plans : plans.toReversed(), {
          ...common,
          host,
          hostKills: new Kills(1, index, plans.length),
          folder: join(folder, `host-${index}`),
        }),
      ),
    );
    const records = await Records.open(storage);
    const { assignments } = await records.read(STARTS.id);
    const stored = new Map(assignments.map(({ unit, arm }) => [unit, arm]));
    const told = (from: typeof one, key: string) =>
      armIn(STARTS.id, from.find((of) => of.key === key)?.said?.arms ?? []);
    const broken = plans.flatMap(({ key }) => {
      const arms = [told(one, key), told(other, key)].filter((arm) => arm !== undefined);
      const own = stored.get(records.unitOf(key));
      return arms.every((arm) => arm === own) ? [] : [`${key}: ${arms.join(' and ')}, not ${own}`];
    });
    await records.close();
    const both = plans.filter(({ key }) => told(one, key) && told(other, key));
    const arms: Record<string, number> = {};
    for (const { key } of both) {
      const arm = told(one, key) ?? '';
      arms[arm] = (arms[arm] ?? 0) + 1;
    }
    return {
      units: plans.length,
      servedByBoth: both.length,
      arms,
      checks: [
        { name: 'both hosts gave every unit the same arm', broken },
        {
          name: 'most units came to both hosts',
          broken: both.length >= plans.length / 2 ? [] : [`only ${both.length} did`],
        },
      ],
    };
  } finally {
    await Promise.all(hosts.map((host) => host.stop()));
    await server.stop();
  }
}
