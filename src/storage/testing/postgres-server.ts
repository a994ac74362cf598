import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import pg from 'pg';

const script = fileURLToPath(new URL('../../../scripts/postgres', import.meta.url));

/** A real server that ends with the test. */
export interface PostgresServer {
  /** URL of a new, empty database. */
  newDatabase(): Promise<string>;
  stop(): Promise<void>;
}

/**
 * @param command Where `scripts/postgres` is; compiled code does not find it by itself.
 * @throws when there is no PostgreSQL: `scripts/setup --tests` installs it.
 */
export async function startPostgres(command = script): Promise<PostgresServer> {
  const child = spawn(command, { stdio: ['pipe', 'pipe', 'pipe'] });
  const ended = once(child, 'exit');
  let errors = '';
  child.stderr.on('data', (text) => {
    errors += String(text);
  });
  const line = await Promise.race([
    once(createInterface(child.stdout), 'line').then(([first]) => String(first)),
    ended.then(() => undefined),
  ]);
  if (line === undefined) throw new Error(`no PostgreSQL: ${errors}`);
  let databases = 0;
  return {
    async newDatabase() {
      databases += 1;
      const name = `test_${databases}`;
      const client = new pg.Client({ connectionString: line });
      await client.connect();
      await client.query(`create database ${name}`);
      await client.end();
      return line.replace(/\/postgres$/, `/${name}`);
    },
    async stop() {
      child.stdin.end();
      await ended;
    },
  };
}
