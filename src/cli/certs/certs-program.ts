import { type Command, InvalidArgumentError } from 'commander';
import type { Write } from '../operator-options.js';
import type { CertsOptions } from './certs-commands.js';

// Loaded when the command runs, so that --help answers at once.
const commands = () => import('./certs-commands.js');

function days(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= 1 && value <= 825) return value;
  throw new InvalidArgumentError('It must be a whole number from 1 to 825.');
}

/** Adds what makes certificates; docs/security.md tells when. */
export function addCertsCommands(program: Command, write: Write): void {
  program
    .command('certs')
    .description('certificates for TLS; see docs/security.md')
    .command('dev')
    .description('make an authority and certificates of a server and of clients, for a try')
    .argument('<dir>', 'folder that they go to; nothing in it is overwritten')
    .option(
      '--host <name...>',
      'names and addresses of the server beside those of this machine',
      [],
    )
    .option('--days <number>', 'how long they are valid', days, 30)
    .action(async (folder: string, options: CertsOptions) =>
      write(await (await commands()).makeDevCertificates(folder, options)),
    );
}
