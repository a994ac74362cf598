import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { EndingSpool } from '../../domain/experiments/plan-ending.js';
import type {
  ExperimentStores,
  OpenExperimentStores,
} from '../../domain/experiments/plan-experiments.js';
import { pseudonym, readSecret, SECRET_VARIABLE } from '../pseudonyms.js';
import { SqlAssignments } from './assignment-table.js';
import { FileSpool } from './ending-spool.js';
import {
  type DatabaseOptions,
  type ExperimentDatabase,
  openExperimentDatabase,
} from './experiment-database.js';
import { SqlExperiments } from './experiment-table.js';
import { HostClaim } from './host-claim.js';
import { migrate } from './migrations.js';
import { SqlOutcomes } from './outcome-table.js';
import { SqlPromotions } from './promotion-table.js';
import { takeOver } from './take-over.js';

const isShared = (url: string) => new URL(url).protocol !== 'file:';

/** Password of a server's database. */
export const PASSWORD_VARIABLE = 'DH_ADVISOR_STORAGE_PASSWORD';

/** @throws when hosts that share a database would give a patient different pseudonyms. */
function secretOf(url: string, isSharedByHosts: boolean, environment: NodeJS.ProcessEnv): string {
  if (!isSharedByHosts) {
    const directory = dirname(fileURLToPath(url));
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    return readSecret(directory, environment);
  }
  if ((environment[SECRET_VARIABLE] ?? '') === '') {
    throw new Error(`hosts that share a database need the same secret in ${SECRET_VARIABLE}`);
  }
  return readSecret('', environment);
}

function withPassword(url: string, password: string | undefined): string {
  if (password === undefined || password === '') return url;
  const full = new URL(url);
  full.password = encodeURIComponent(password);
  return full.href;
}

async function openDatabase(
  url: string,
  environment: NodeJS.ProcessEnv,
  options: DatabaseOptions,
): Promise<ExperimentDatabase> {
  const full = isShared(url) ? withPassword(url, environment[PASSWORD_VARIABLE]) : url;
  return openExperimentDatabase(full, options);
}

const tablesOf = (db: ExperimentDatabase, host = '') => ({
  assignments: new SqlAssignments(db),
  outcomes: new SqlOutcomes(db, host),
  experiments: new SqlExperiments(db),
});

/** What may be looked at without knowing anybody's key. */
export type ReadableExperiments = Pick<
  ExperimentStores,
  'assignments' | 'outcomes' | 'experiments' | 'close'
>;

/** Whether there is a database to look at: a host makes its file with its first experiment. */
export function isDatabaseMade(url: string): boolean {
  return new URL(url).protocol !== 'file:' || existsSync(fileURLToPath(url));
}

/**
 * Opens the database for a look, whether or not a host runs.
 * @throws when it can't be opened; a file that is not there is not made.
 */
export async function readExperiments(
  url: string,
  environment: NodeJS.ProcessEnv,
): Promise<ReadableExperiments> {
  if (!isDatabaseMade(url)) {
    throw new Error(`there is no ${fileURLToPath(url)}; a host makes it with its first experiment`);
  }
  const db = await openDatabase(url, environment, {});
  return { ...tablesOf(db), close: () => db.destroy() };
}

/** Beside a file, where a later host at it finds what this one left. */
function claimOf(url: string, ownFolder: string | undefined): HostClaim | undefined {
  if (!isShared(url)) return new HostClaim(`${fileURLToPath(url)}.hosts`);
  try {
    return ownFolder === undefined ? undefined : new HostClaim(join(ownFolder, 'outcomes'));
  } catch {
    // A folder that cannot be written: the server's database does without, and sessions go by their age.
    return undefined;
  }
}

const noSpool: EndingSpool = {
  append: () => Promise.reject(new Error('this host has no folder to put outcomes aside')),
  clear: async () => undefined,
};

/** Opens what is kept of experiments; secrets come from the environment. */
export function experimentStores(
  environment: NodeJS.ProcessEnv,
  options: DatabaseOptions,
): OpenExperimentStores {
  return async (url, ownFolder) => {
    const secret = secretOf(url, isShared(url), environment);
    const claim = claimOf(url, ownFolder);
    try {
      const db = await openDatabase(url, environment, options);
      const tables = tablesOf(db, claim?.id);
      return {
        ...tables,
        promotions: new SqlPromotions(db),
        spool: claim === undefined ? noSpool : new FileSpool(claim.spoolOf(claim.id)),
        isShared: isShared(url),
        pseudonymous: ({ planKey, patientKey }) => ({
          planKey: pseudonym(secret, 'plan', planKey),
          patientKey: pseudonym(secret, 'patient', patientKey),
        }),
        check: () => migrate(db, isShared(url) ? 'postgres' : 'sqlite'),
        takeOver: async (atMs) =>
          claim === undefined
            ? { stored: 0, lost: 0, rejected: 0 }
            : takeOver(claim, tables.outcomes, atMs),
        close: async () => {
          await db.destroy();
          claim?.release();
        },
      };
    } catch (thrown) {
      claim?.release();
      throw thrown;
    }
  };
}
