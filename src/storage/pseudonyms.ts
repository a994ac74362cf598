import { createHmac, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Overrides the secret file, so that several hosts give a patient the same pseudonym. */
export const SECRET_VARIABLE = 'DH_ADVISOR_RECORDING_SECRET';
export const SECRET_FILE = '.pseudonym-secret';
const MINIMUM_SECRET_LENGTH = 16;
/** 128 bits: enough never to meet twice. */
const PSEUDONYM_DIGITS = 32;

/** The secret that recordings of a directory were made with, as far as it is here; makes none. */
export function findSecret(directory: string, environment: NodeJS.ProcessEnv): string | undefined {
  const given = environment[SECRET_VARIABLE];
  if (given !== undefined && given !== '') return given;
  const file = join(directory, SECRET_FILE);
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined;
}

/** The secret of this installation: from the environment, or made once and kept in the directory. @throws when neither can be had. */
export function readSecret(directory: string, environment: NodeJS.ProcessEnv): string {
  const given = environment[SECRET_VARIABLE];
  if (given !== undefined && given !== '') {
    if (given.length >= MINIMUM_SECRET_LENGTH) return given;
    throw new Error(`${SECRET_VARIABLE} is shorter than ${MINIMUM_SECRET_LENGTH} characters`);
  }
  const file = join(directory, SECRET_FILE);
  try {
    writeFileSync(file, `${randomBytes(32).toString('hex')}\n`, {
      flag: 'wx',
      mode: 0o600,
      flush: true,
    });
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'EEXIST') {
      // Half a secret would be refused at every start.
      rmSync(file, { force: true });
      throw thrown;
    }
  }
  const kept = readFileSync(file, 'utf8').trim();
  if (kept.length >= MINIMUM_SECRET_LENGTH) return kept;
  throw new Error(`${file} holds no secret; remove it, and a new one is made`);
}

/**
 * A seed is an unkeyed hash of the plan's key: whoever has a list of keys could find the plan by it. So it is kept under the
 * secret. Sealing twice opens.
 */
export function sealSeed(secret: string, sessionId: string, seed: number): number {
  const mask = createHmac('sha256', secret).update(`seed:${sessionId}`).digest().readUInt32LE(0);
  return (seed ^ mask) >>> 0;
}

/** A keyed hash of a client's key: equal keys stay equal, and nobody without the secret can go back. Empty for an empty key. */
export function pseudonym(secret: string, kind: 'patient' | 'plan', key: string): string {
  if (key === '') return '';
  const hash = createHmac('sha256', secret).update(`${kind}:${key}`).digest('hex');
  return hash.slice(0, PSEUDONYM_DIGITS);
}
