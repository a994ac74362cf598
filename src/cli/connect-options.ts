import { readFileSync } from 'node:fs';
import { type Command, Option } from 'commander';
import { describeThrown } from '../domain/errors/host-error.js';
import type { ClientTls } from '../transport/operator/client-tls.js';

/** How a command shows itself to a host that speaks TLS; paths of PEM files. */
export interface TlsOptions {
  /** Whose signature the host's certificate must have; absent: plain text. */
  readonly ca?: string | undefined;
  readonly certificate?: string | undefined;
  readonly key?: string | undefined;
}

/** Adds `--ca`, `--certificate` and `--key`. */
export function withTls(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--ca <file>',
        'speak TLS with a host whose certificate this authority signed',
      ).env('DH_ADVISOR_CA'),
    )
    .addOption(
      new Option('--certificate <file>', 'own certificate, for a host that asks for one').env(
        'DH_ADVISOR_CERTIFICATE',
      ),
    )
    .addOption(new Option('--key <file>', 'private key of it').env('DH_ADVISOR_KEY'));
}

function read(option: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (thrown) {
    throw new Error(`--${option} cannot be read: ${describeThrown(thrown)}`, { cause: thrown });
  }
}

/** Undefined: plain text. @throws Error that names the option */
export function readClientTls({ ca, certificate, key }: TlsOptions): ClientTls | undefined {
  if ((certificate === undefined) !== (key === undefined)) {
    throw new Error('--certificate and --key belong together: give both, or neither');
  }
  if (ca === undefined) {
    if (certificate === undefined) return undefined;
    throw new Error('--certificate is for TLS: give --ca, the authority of the host, too');
  }
  return {
    ca: read('ca', ca),
    certificate: certificate && read('certificate', certificate),
    key: key && read('key', key),
  };
}
