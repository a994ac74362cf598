import { get as getPlain, type IncomingMessage } from 'node:http';
import { get as getSecure } from 'node:https';
import { createParser } from 'eventsource-parser';
import { OPERATOR_TOKEN_VARIABLE } from '../../composition/operator-access.js';
import { HostError } from '../../domain/errors/host-error.js';
import type { Fault, LiveUpdate } from '../../http/api.js';
import { readClientTls, type TlsOptions } from '../connect-options.js';

export interface PageOptions extends TlsOptions {
  /** Of the operators' page, such as `http://127.0.0.1:9464`. */
  readonly page: string;
}

/** Why a host's page did not give what it was asked for. */
export class PageFault extends Error {
  readonly code: string;

  constructor({ code, message }: Fault) {
    super(`${message} [${code}]`);
    this.code = code;
  }
}

/** Reads what the operators' page reads; changes nothing. */
export class PageClient {
  readonly #options: PageOptions;

  constructor(options: PageOptions) {
    this.#options = options;
  }

  /** @throws HostError `page-unreachable`; PageFault in the host's words. */
  async json<T>(path: string): Promise<T> {
    return JSON.parse(await this.text(path)) as T;
  }

  async text(path: string): Promise<string> {
    return textOf(await this.#open(path));
  }

  /** The live feed until the host ends it, or `signal` says so. */
  async *updates(signal: AbortSignal): AsyncGenerator<LiveUpdate> {
    const answer = await this.#open('/api/events', signal);
    const arrived: LiveUpdate[] = [];
    const parser = createParser({
      onEvent: ({ data }) => arrived.push(JSON.parse(data) as LiveUpdate),
    });
    try {
      for await (const chunk of answer.setEncoding('utf8')) {
        parser.feed(String(chunk));
        yield* arrived.splice(0);
      }
    } catch (thrown) {
      if (!signal.aborted) throw this.#unreachable(thrown);
    }
  }

  async #open(path: string, signal?: AbortSignal): Promise<IncomingMessage> {
    const url = this.#urlOf(path);
    const { ca, certificate: cert, key } = readClientTls(this.#options) ?? {};
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      // Where looking needs a token, too.
      const token = process.env[OPERATOR_TOKEN_VARIABLE];
      const headers = token ? { authorization: `Bearer ${token}` } : {};
      const options = signal === undefined ? { headers } : { headers, signal };
      const request =
        url.protocol === 'https:'
          ? getSecure(url, { ...options, ca, cert, key }, resolve)
          : getPlain(url, options, resolve);
      request.on('error', (error) => reject(this.#unreachable(error)));
    });
    if (answer.statusCode === 200) return answer;
    const text = await textOf(answer);
    throw new PageFault(faultOf(text, answer.statusCode ?? 0));
  }

  #urlOf(path: string): URL {
    try {
      return new URL(path, this.#options.page);
    } catch {
      throw this.#unreachable(new Error('it is no address'));
    }
  }

  #unreachable(thrown: unknown): HostError {
    const { page } = this.#options;
    const error = thrown instanceof Error ? thrown : new Error(String(thrown));
    const problem = (error as NodeJS.ErrnoException).code ?? error.message;
    return new HostError('page-unreachable', { page, problem }, { cause: thrown });
  }
}

async function textOf(answer: IncomingMessage): Promise<string> {
  const parts: string[] = [];
  for await (const chunk of answer.setEncoding('utf8')) parts.push(String(chunk));
  return parts.join('');
}

/** What answers at an address may be no host at all. */
function faultOf(text: string, status: number): Fault {
  try {
    const { code, message } = JSON.parse(text) as Partial<Fault>;
    if (typeof code === 'string' && typeof message === 'string') return { code, message };
  } catch {
    // Told below.
  }
  return { code: String(status), message: 'What answers there is no dh-advisor host.' };
}
