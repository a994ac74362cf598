import { userInfo } from 'node:os';
import { OPERATOR_TOKEN_VARIABLE } from '../composition/operator-access.js';
import { packagePaths } from '../composition/package-paths.js';
import type { ChangeOrigin, ConfigChange } from '../domain/operations/operations.js';
import { OperatorClient, Refusal } from '../transport/operator/operator-client.js';
import { asJson } from './as-json.js';
import { readClientTls, type TlsOptions } from './connect-options.js';
import {
  generationsText,
  modelsText,
  pluginsText,
  refusalsText,
  reportText,
  sessionsText,
  statusText,
} from './operator-tables.js';

export interface ReadOptions extends TlsOptions {
  readonly host: string;
  readonly json?: boolean | undefined;
}

export interface SwitchOptions extends ReadOptions {
  readonly reason?: string | undefined;
  readonly as?: string | undefined;
  readonly dryRun?: boolean | undefined;
}

export interface ChangeOptions extends SwitchOptions {
  readonly expectGeneration?: number | undefined;
}

/** What a command prints: a text for people, and the same as a value for `--json`. */
interface Answer {
  readonly text: string;
  readonly value: unknown;
}

/** A client that shows the token of the environment. @throws Error when a file of the options cannot be read */
export function operatorClient(address: string, options: TlsOptions): OperatorClient {
  const { protoDirectory } = packagePaths();
  const token = process.env[OPERATOR_TOKEN_VARIABLE] ?? '';
  return new OperatorClient({ address, token, protoDirectory, tls: readClientTls(options) });
}

async function ask(
  options: ReadOptions,
  work: (client: OperatorClient) => Promise<Answer>,
): Promise<string> {
  const { host: address, json } = options;
  const client = operatorClient(address, options);
  try {
    const { text, value } = await work(client);
    return json ? asJson(value) : text;
  } catch (thrown) {
    if (!(thrown instanceof Refusal)) throw thrown;
    throw new Error(`${thrown.message} [${thrown.code}]`, { cause: thrown });
  } finally {
    client.close();
  }
}

function originOf({ as, reason }: SwitchOptions, command: string): ChangeOrigin {
  const who = as ?? userInfo().username;
  return { who, why: reason ?? `dh-advisor ${command}`, via: 'command' };
}

export function showStatus(options: ReadOptions): Promise<string> {
  return ask(options, async (client) => {
    const value = await client.status();
    return { value, text: statusText(value) };
  });
}

export function showPlugins(options: ReadOptions): Promise<string> {
  return ask(options, async (client) => {
    const value = await client.plugins();
    return { value, text: pluginsText(value) };
  });
}

export function showModels(options: ReadOptions): Promise<string> {
  return ask(options, async (client) => {
    const value = await client.models();
    return { value, text: modelsText(value) };
  });
}

export function showSessions(options: ReadOptions): Promise<string> {
  return ask(options, async (client) => {
    const value = await client.sessions();
    return { value, text: sessionsText(value) };
  });
}

export interface GenerationsOptions extends ReadOptions {
  readonly limit: number;
  readonly refused?: boolean | undefined;
}

/** The list, or with a number the text of that generation. */
export function showGenerations(
  generation: number | undefined,
  options: GenerationsOptions,
): Promise<string> {
  return ask(options, async (client) => {
    if (generation !== undefined) {
      const text = await client.textOf(generation);
      return { text: text.trimEnd(), value: { generation, text } };
    }
    const { generations, refusals } = await client.generations(options.limit);
    return options.refused
      ? { value: refusals, text: refusalsText(refusals) }
      : { value: generations, text: generationsText(generations) };
  });
}

/** `command`: as typed, the reason when none is given. */
export function changeConfiguration(
  change: ConfigChange,
  command: string,
  options: ChangeOptions,
): Promise<string> {
  return ask(options, async (client) => {
    const { dryRun: isDryRun = false, expectGeneration: expectedGeneration } = options;
    const origin = originOf(options, command);
    const report = await client.change({ change, origin, isDryRun, expectedGeneration });
    return { value: report, text: reportText(report, isDryRun) };
  });
}

/** The kill switch. Never refused for what the configuration says: a dry run only counts the plans. */
export function switchAdvice(kind: 'stop' | 'resume', options: SwitchOptions): Promise<string> {
  return ask(options, async (client) => {
    const { dryRun: isDryRun = false } = options;
    const origin = originOf(options, `${kind}-advice`);
    const openSessions = isDryRun
      ? (await client.status()).openSessions
      : await (kind === 'stop' ? client.stopAdvice(origin) : client.resumeAdvice(origin));
    const would = isDryRun ? 'this would leave' : 'this leaves';
    const text =
      kind === 'stop'
        ? `${would} ${openSessions} open plan(s), and every new one, without advice until resume-advice`
        : `new plans are advised; ${would} ${openSessions} open plan(s) without advice to their end`;
    return { value: { openSessions, isDryRun }, text };
  });
}
