import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { OpenExperimentStores } from '../domain/plan-experiments.js';
import { SqlAssignments } from './assignment-table.js';
import { openExperimentDatabase } from './experiment-database.js';
import { SqlExperiments } from './experiment-table.js';
import { SqlOutcomes } from './outcome-table.js';
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

/** Opens what is kept of experiments; secrets come from the environment. */
export function experimentStores(
  environment: NodeJS.ProcessEnv,
  onIdleError: (error: Error) => void,
): OpenExperimentStores {
  return async (url) => {
    const isShared = new URL(url).protocol !== 'file:';
    const secret = secretOf(url, isShared, environment);
    const full = isShared ? withPassword(url, environment[PASSWORD_VARIABLE]) : url;
    const db = await openExperimentDatabase(full, onIdleError);
    return {
      assignments: new SqlAssignments(db),
      outcomes: new SqlOutcomes(db),
      experiments: new SqlExperiments(db),
      isShared,
      pseudonymous: ({ planKey, patientKey }) => ({
        planKey: pseudonym(secret, 'plan', planKey),
        patientKey: pseudonym(secret, 'patient', patientKey),
      }),
      close: () => db.destroy(),
    };
  };
}
