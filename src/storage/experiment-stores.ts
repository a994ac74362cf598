import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ExperimentStores, OpenExperimentStores } from '../domain/plan-experiments.js';
import { SqlAssignments } from './assignment-table.js';
import { type DatabaseOptions, openExperimentDatabase } from './experiment-database.js';
import { SqlExperiments } from './experiment-table.js';
import { SqlOutcomes } from './outcome-table.js';
import { SqlPromotions } from './promotion-table.js';
import { pseudonym, readSecret, SECRET_VARIABLE } from './pseudonyms.js';

/** Password of a server's database. */
export const PASSWORD_VARIABLE = 'DH_ADVISOR_STORAGE_PASSWORD';

/** @throws when hosts that share a database would give a patient different pseudonyms. */
function secretOf(url: string, isShared: boolean, environment: NodeJS.ProcessEnv): string {
  if (!isShared) {
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

async function openTables(url: string, environment: NodeJS.ProcessEnv, options: DatabaseOptions) {
  const isShared = new URL(url).protocol !== 'file:';
  const full = isShared ? withPassword(url, environment[PASSWORD_VARIABLE]) : url;
  const db = await openExperimentDatabase(full, options);
  return {
    assignments: new SqlAssignments(db),
    outcomes: new SqlOutcomes(db),
    experiments: new SqlExperiments(db),
    promotions: new SqlPromotions(db),
    close: () => db.destroy(),
  };
}

/** What may be looked at without knowing anybody's key. */
export type ReadableExperiments = Pick<
  ExperimentStores,
  'assignments' | 'outcomes' | 'experiments' | 'close'
>;

/**
 * Opens the database for a look, whether or not a host runs.
 * @throws when it can't be opened; a file that is not there is not made.
 */
export async function readExperiments(
  url: string,
  environment: NodeJS.ProcessEnv,
): Promise<ReadableExperiments> {
  const { protocol } = new URL(url);
  if (protocol === 'file:' && !existsSync(fileURLToPath(url))) {
    throw new Error(`there is no ${fileURLToPath(url)}; a host makes it with its first experiment`);
  }
  return openTables(url, environment, {});
}

/** Opens what is kept of experiments; secrets come from the environment. */
export function experimentStores(
  environment: NodeJS.ProcessEnv,
  options: DatabaseOptions,
): OpenExperimentStores {
  return async (url) => {
    const isShared = new URL(url).protocol !== 'file:';
    const secret = secretOf(url, isShared, environment);
    return {
      ...(await openTables(url, environment, options)),
      isShared,
      pseudonymous: ({ planKey, patientKey }) => ({
        planKey: pseudonym(secret, 'plan', planKey),
        patientKey: pseudonym(secret, 'patient', patientKey),
      }),
    };
  };
}
